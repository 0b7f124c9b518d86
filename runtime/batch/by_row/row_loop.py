"""The loop that calls one handler row by row, generated for the form of its calls.

Around a handler of half a microsecond, looping over accounts and looking up what each of them needs
would double the time. So the loop is generated, as dataclasses generate `__init__`: once for each
form, not for each program; the objects it works on are passed in.

For two writable accounts without data, the first of which pays a fee, it is:

    for position, i0, i1, fee, a0 in rows:
        at[0] = position
        if watchful and (versions[i0] != version_of(i0, 0) or …):
            return position                         # the precomputed facts no longer hold
        h0 = g0 = lamports[i0]                      # h: held before the row; g: after the fee
        h1 = g1 = lamports[i1]
        if h0 < fee:
            return position
        g0 = h0 - fee
        r0.account = i0; r0.lamports = g0; …        # the records that the views v0, v1 show
        try:
            handler(v0, v1, a0)
        except BaseException as error:
            if is_interrupt(error):
                raise
            detail = detail_of(error)               # None unless it is an error of the program
            if detail is None or …:
                conclude(position, error, True)
                return CONCLUDED
            lamports[i0] = g0
            details[position] = detail
            continue
        l0 = r0.lamports; l1 = r1.lamports
        if l0 + l1 != g0 + g1 or …:                 # anything unusual at all
            kept = …                                # the handler still holds a view
            conclude(position, None, kept)
            if kept or …:                           # records and views cannot be reused
                return CONCLUDED
            continue
        lamports[i0] = l0; lamports[i1] = l1

Guarantees: when the loop returns a row's position, that row has not begun and every row before it
is done. A handler is called once; its result is checked here, or by `conclude` in unusual cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from ...memory.working_set import ANYWHERE
from ...svm.chain_rules.balance import unbalanced_text
from ...svm.chain_rules.borrow import kept_view_text, lent_view_text
from ...svm.chain_rules.fee import too_poor_or_emptied_text, too_poor_text
from ...svm.chain_rules.rent import becomes_rent_paying_text, debit_makes_rent_paying_text
from ...svm.chain_rules.vanish import emptied_text

_FORMS_MAX: Final = 256
CONCLUDED: Final = -1
CONTEXT: Final = "context"
VALUES: Final = "values"

# (rows, the caller's objects) → the position of a row that must be executed alone; CONCLUDED after
# a row that may have kept its arguments; None at the end
RowLoop = Callable[..., int | None]


class AccountForm(NamedTuple):
    """The properties of an account parameter that determine its statements in the loop.

    `writable`: whether its record is. `has_data`: whether it has data in any row; rows then have
    the start and end in the heap. `one_owner`: whether the owner is the same in all rows; otherwise
    rows have it. `marked`: its data must begin with a discriminator. `may_vanish`: if emptied, its
    data or owner must be reset. `adds`: the transaction only adds to it, so it is not `writable`.
    """

    writable: bool
    has_data: bool
    one_owner: bool
    marked: bool
    may_vanish: bool
    adds: bool = False


class RowForm(NamedTuple):
    """The properties of calls that determine the loop's code.

    `order`: the handler's arguments as expressions: v0 … for views or lists of them, a0 … for the
    `argument_count` arguments, `context`, None. `payer`: the index of the account that pays the
    fee, len(accounts) for one outside the instruction, None if no row has a fee. `decoding`:
    arguments are decoded row by row, as values[0] …; `values` is None if they do not decode.
    `checking`: accounts have constraints. `rent`: the rent rule is enforced; rows then have the
    rent-exempt minimum of each account that may change.
    """

    accounts: tuple[AccountForm, ...]
    argument_count: int
    order: tuple[str, ...]
    payer: int | None
    decoding: bool = False
    checking: bool = False
    rent: bool = False

    @property
    def takes_context(self) -> bool:
        """Whether the handler is given a context."""
        return CONTEXT in self.order

    def columns(self) -> list[str]:
        """The names of a row's columns, in order."""
        names = ["position"]
        for k, account in enumerate(self.accounts):
            names.append(f"i{k}")
            names += [f"s{k}", f"e{k}"] if account.has_data else []
            names += [] if account.one_owner else [f"o{k}"]
            names += [f"x{k}"] if self.rent and (account.writable or k == self.payer) else []
        if self.payer is not None:
            names.append("fee")
        if self.payer == len(self.accounts):
            names += ["payer", f"x{self.payer}"] if self.rent else ["payer"]
        if self.decoding:
            return [*names, VALUES]
        return names + [f"a{n}" for n in range(self.argument_count)]


@lru_cache(_FORMS_MAX)
def loop_of(form: RowForm) -> RowLoop:
    """The loop for calls of this form."""
    scope: dict[str, Any] = {"__name__": __name__}  # no module of the program's own
    exec(compile(source_of(form), "<row loop>", "exec"), scope)
    return scope["loop"]


def source_of(form: RowForm) -> str:
    """The source code of the loop."""
    accounts = form.accounts
    lines = [
        "def loop(rows, at, lamports, heap, data_changed, versions, version_of, handler, records,",
        "         views, marks, made, end_views, references, is_interrupt, release_data,",
        "         detail_of, details, conclude, tell, context, call, check, add):",
        "    watchful = versions[-1]",
        *_indented(1, _taken_apart(accounts)),
        *_indented(1, ["uses = references(context)"] if form.takes_context else []),
        f"    for {', '.join(form.columns())}, in rows:",
        *_indented(2, _begun(form)),
        *_indented(2, [line for k in range(len(accounts)) for line in _shown(k, accounts[k])]),
        *_indented(2, _hosted(form) if form.takes_context else []),
        "        try:",
        *_indented(3, _checked(form) if form.checking else []),
        f"            handler({', '.join(form.order)})",
        "        except BaseException as error:",
        "            if is_interrupt(error):",
        "                raise",
        "            detail = detail_of(error)",
        f"            if ({' or '.join(_unusual_failure(form))}):",
        "                conclude(position, error, True)",
        f"                return {CONCLUDED}",
        "            if made:",
        "                end_views(made)",
        *_indented(3, _charged(form)),
        "            details[position] = detail",
        "            continue",
        *_indented(2, [f"l{k} = r{k}.lamports" for k in _changing(accounts)]),
        f"        if ({' or '.join(_unusual(form))}):",
        f"            kept = {' or '.join(_kept(form)) or None}",
        "            conclude(position, None, kept)",
        f"            if ({' or '.join(_used_up(form))}):",
        f"                return {CONCLUDED}",
        "            watchful = versions[-1]",
        "            continue",
        "        if made:",
        "            end_views(made)",
        *_indented(2, _stored(form)),
        *_indented(2, ["if call.touched: tell(position)"] if form.takes_context else []),
        "    return None",
    ]
    return "\n".join(lines)


def _taken_apart(accounts: tuple[AccountForm, ...]) -> Iterator[str]:
    for k, account in enumerate(accounts):
        yield f"r{k} = records[{k}]; v{k} = views[{k}]"
        yield f"c{k} = references(v{k})"
        if account.marked:
            yield f"m{k} = marks[{k}]"
        if not account.has_data:
            yield f"b{k} = r{k}.buffer"


def _begun(form: RowForm) -> Iterator[str]:
    """Check that the row can run here; read lamports and take the fee."""
    ids = [f"i{k}" for k in range(len(form.accounts))]
    ids += ["payer"] if form.payer == len(form.accounts) else []
    changes = [f"versions[{i}] != version_of({i}, 0)" for i in ids]
    yield "at[0] = position"
    if form.decoding:
        yield f"if {VALUES} is None: return position"
    yield f"if watchful and ({' or '.join(changes)}): return position"
    for k, account in enumerate(form.accounts):
        yield f"g{k} = 0" if account.adds else f"h{k} = g{k} = lamports[i{k}]"
    if form.payer == len(form.accounts):
        # A payer that the fee empties may have to be reset.
        yield "held = lamports[payer]"
        yield f"if {too_poor_or_emptied_text('held', 'fee')}: return position"
        if form.rent:
            breaks_rent = debit_makes_rent_paying_text("held", "held - fee", f"x{form.payer}")
            yield f"if {breaks_rent}: return position"
    elif form.payer is not None:
        k = form.payer
        yield f"if {too_poor_text(f'h{k}', 'fee')}: return position"
        yield f"g{k} = h{k} - fee"
        if form.rent:
            yield f"if {debit_makes_rent_paying_text(f'h{k}', f'g{k}', f'x{k}')}: return position"


def _shown(k: int, account: AccountForm) -> Iterator[str]:
    """Load this row's account into the record."""
    yield f"r{k}.account = i{k}"
    yield f"r{k}.lamports = g{k}"
    if account.adds:
        yield f"r{k}.base = lamports[i{k}]; r{k}.sums.clear()"
    if not account.one_owner:
        yield f"r{k}.owner = o{k}"
    if account.has_data:
        yield f"d{k} = heap[s{k}:e{k}].tobytes()"
        if account.marked:
            yield f"if not d{k}.startswith(m{k}): return position"
        yield f"r{k}.buffer = b{k} = {f'bytearray(d{k})' if account.writable else f'd{k}'}"


def _hosted(form: RowForm) -> Iterator[str]:
    """Note the lamports and data lengths that nested calls are checked against."""
    numbers = range(len(form.accounts))
    held, lens = " + ".join(f"g{k}" for k in numbers), ", ".join(f"len(b{k})" for k in numbers)
    yield f"call.level.begin({held}, [{lens}])"


def _checked(form: RowForm) -> Iterator[str]:
    yield f"check({', '.join(name for name in form.order if name != CONTEXT)})"


def _unusual(form: RowForm) -> Iterator[str]:
    """Conditions, at least one of which holds if `conclude` must check the row."""
    written, changing = _writable(form.accounts), _changing(form.accounts)
    if changing:
        begun, after = ([f"{x}{k}" for k in changing] for x in "gl")
        yield unbalanced_text(begun, after)
    if form.rent:
        for k in written:
            yield becomes_rent_paying_text(f"g{k}", f"l{k}", f"x{k}")
    for k, account in enumerate(form.accounts):
        if account.may_vanish and (account.writable or form.payer == k):
            yield emptied_text(f"h{k}", f"{'l' if account.writable else 'g'}{k}")
        yield from _unusual_use(k, account)
        if account.writable:
            yield kept_view_text(f"r{k}", has_data=account.has_data)
    yield from _kept(form)
    yield "made.broken is not None"
    if form.takes_context:
        yield "call.is_doomed"


def _unusual_failure(form: RowForm) -> Iterator[str]:
    """The same for a handler that raised: then only the fee is stored."""
    yield "detail is None"
    for k, account in enumerate(form.accounts):
        if account.may_vanish and form.payer == k:
            yield emptied_text(f"h{k}", f"g{k}")
        yield from _unusual_use(k, account)
        if account.writable:
            yield lent_view_text(f"r{k}")
    yield from _kept(form)
    yield "made.broken is not None"
    if form.takes_context:
        yield "call.touched"


def _kept(form: RowForm) -> Iterator[str]:
    for k in range(len(form.accounts)):
        yield f"references(v{k}) != c{k}"
    if form.takes_context:
        yield "references(context) != uses"


def _used_up(form: RowForm) -> Iterator[str]:
    """Conditions, at least one of which holds if records and views cannot be reused."""
    yield "kept"
    for k in _writable(form.accounts):
        yield f"r{k}.buffer is not b{k} or {lent_view_text(f'r{k}')}"
        if not form.accounts[k].has_data:
            yield f"len(b{k})"


def _unusual_use(k: int, account: AccountForm) -> Iterator[str]:
    if account.adds:
        yield f"r{k}.doubtful"
    if account.writable:
        # Setting the owner replaces the buffer, too.
        yield f"r{k}.buffer is not b{k}"
        yield f"len(b{k}) != " + (f"e{k} - s{k}" if account.has_data else "0")


def _stored(form: RowForm) -> Iterator[str]:
    written = _writable(form.accounts)
    for k in written:
        yield f"lamports[i{k}] = l{k}"
        if form.accounts[k].has_data:
            yield f"if b{k} != d{k}: heap[s{k}:e{k}] = b{k}; data_changed[i{k}] = {ANYWHERE}"
    for k, account in enumerate(form.accounts):
        if account.adds:
            yield f"if l{k} or r{k}.sums: add(i{k}, l{k}, r{k}.sums)"
    if form.payer not in written:
        yield from _charged(form)


def _charged(form: RowForm) -> Iterator[str]:
    """Store the fee only."""
    if form.payer == len(form.accounts):
        yield "lamports[payer] = held - fee"
    elif form.payer is not None:
        yield f"lamports[i{form.payer}] = g{form.payer}"


def _writable(accounts: tuple[AccountForm, ...]) -> list[int]:
    return [k for k, account in enumerate(accounts) if account.writable]


def _changing(accounts: tuple[AccountForm, ...]) -> list[int]:
    return [k for k, account in enumerate(accounts) if account.writable or account.adds]


def _indented(depth: int, lines: Iterable[str]) -> Iterator[str]:
    return (" " * 4 * depth + line for line in lines)
