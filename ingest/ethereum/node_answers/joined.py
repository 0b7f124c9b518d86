"""One block of what several documents say about it.

What is known exactly of a transaction counts before what a list says of the block, and that before
hints. Where nobody knows what a transaction writes, it writes what is certain, and what its access
list names. Where that is known, but not what it reads, it reads what its access list names.
Guarantees: nothing is made up: what no document says stays unknown, and a note says so. Two
documents that contradict each other raise an InputError that names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from ....primitives import InputError
from ..keys import BALANCE, StateKey, StateValue
from ..model import BlockSource, EthereumBlock, KnownState, Step, TransactionFacts
from ..payments import infer_coinbase, payments_as_adds
from .alignment import Named, aligned, common_facts, common_header
from .answer import Told, Values, certain_writes, transaction_place
from .notes import notes_on

# Whose writes count, if several documents have them.
_PRECEDENCE: Final = (
    BlockSource.TRACE,
    BlockSource.PRESTATE,
    BlockSource.SPEC_TEST,
    BlockSource.ACCESS_LIST,
    BlockSource.RPC_BLOCK,
)


def join(given: Sequence[Named]) -> EthereumBlock:
    """The block that all these documents are about. Raises InputError."""
    answers = sorted(_with_states(given), key=_rank)  # stable: of equals, the first given counts
    about = [each for each in answers if each.answer.transactions is not None]
    if not about or about[0].answer.kind is None:
        names = ", ".join(f"{name} ({answer.source})" for name, answer in given)
        raise InputError(
            f"nothing here says what the block's transactions do: there is only {names}; add the "
            "block, its access list, or traces, with --with"
        )
    header = common_header(answers)
    names = [each.name for each in about]
    columns = list(zip(*aligned(answers), strict=True))
    facts = [common_facts(told, names, place) for place, told in enumerate(columns)]
    merged = [
        _Merged.of(told, names, fact, transaction_place(place, fact.hash))
        for place, (told, fact) in enumerate(zip(columns, facts, strict=True))
    ]
    pre = common_state(answers)
    writes_known = all(each.writes_known for each in merged)
    steps = [each.step for each in merged]
    coinbase = header.coinbase or (infer_coinbase(steps) if writes_known else None)
    if coinbase is not None:
        steps = _with_payments(steps, facts, coinbase, pre, writes_known=writes_known)
    block = EthereumBlock(
        source=about[0].answer.kind,
        facts=facts,
        steps=steps,
        number=header.number,
        hash=header.hash,
        coinbase=coinbase,
        coinbase_is_inferred=header.coinbase is None and coinbase is not None,
        gas_limit=header.gas_limit,
        reads_known=all(each.reads_known for each in merged),
        writes_known=writes_known,
        hints=[each.hints for each in merged],
        pre=pre,
    )
    return replace(block, notes=tuple(notes_on(block, answers)))


def _rank(each: Named) -> int:
    kind = each.answer.kind
    return len(_PRECEDENCE) if kind is None else _PRECEDENCE.index(kind)


def _with_states(given: Sequence[Named]) -> Iterable[Named]:
    """The documents. A mapping of accounts beside a whole block is the state before that block."""
    others = (BlockSource.PRESTATE, None)
    is_block = any(
        answer.transactions is not None and answer.kind not in others for _, answer in given
    )
    for name, answer in given:
        if answer.pre is None or answer.transactions is None:
            yield Named(name, answer)
        elif is_block:
            yield Named(name, replace(answer, source="a state", kind=None, transactions=None))
        else:
            yield Named(name, replace(answer, pre=None))


class _Merged(NamedTuple):
    """One transaction, as all documents together have it."""

    step: Step
    reads_known: bool
    writes_known: bool
    hints: tuple[StateKey, ...]

    @classmethod
    def of(
        cls, told: Sequence[Told], names: Sequence[str], facts: TransactionFacts, place: str
    ) -> _Merged:
        """`told` in the order of precedence, each by the document of that name."""
        by = list(zip(names, told, strict=True))
        for name, each in by:
            _require_sender(each, facts.sender, name, place)
        known = [(name, each.writes) for name, each in by if each.writes is not None]
        writes = _filled(known, place, keys=known[0][1] if known else ())
        read = [(name, each.reads) for name, each in by if each.reads is not None]
        found = _filled([*read, *((name, each.certain_reads) for name, each in by)], place)
        reads_known = any(each.reads is not None for each in told)
        hints = tuple(dict.fromkeys(key for each in told for key in each.hints))
        if known:
            if not reads_known:
                found |= {key: found.get(key) for key in hints if key not in writes}
            hints = ()
        else:
            paid = certain_writes(facts)
            writes = _filled(
                [*((name, each.certain_writes) for name, each in by), ("", paid)], place
            )
        return cls(Step(found, writes), reads_known, bool(known), hints)


def _require_sender(told: Told, sender: str | None, name: str, place: str) -> None:
    """Raise InputError if a document says what a transaction did, and nothing of its sender."""
    said = [values for values in (told.reads, told.writes) if values is not None]
    if sender is None or not said:
        return
    if not any(key.address == sender for values in said for key in values):
        raise InputError(
            f"{place}: {sender} sent it, and {name} says nothing of that account: it is of another "
            "transaction"
        )


def _filled(
    said: Sequence[tuple[str, Values]], place: str, keys: Iterable[StateKey] | None = None
) -> dict[StateKey, StateValue | None]:
    """The values that the documents give to the keys, to all of them by default.

    Raises InputError where two differ.
    """
    values: dict[StateKey, StateValue | None] = dict.fromkeys(keys or ())
    said_by: dict[StateKey, str] = {}
    for name, mapping in said:
        for key, value in mapping.items():
            if keys is not None and key not in values:
                continue
            known = values.setdefault(key, value)
            if value is None or value == known:
                said_by.setdefault(key, name)
            elif known is None:
                values[key] = value
                said_by[key] = name
            else:
                raise InputError(
                    f"{place}: {key.name} is {known!r} in {said_by[key]} and {value!r} in {name}; "
                    "leave one of the two out"
                )
    return values


def common_state(answers: Sequence[Named]) -> KnownState | None:
    """The values before the block that documents give."""
    given = [(name, answer.pre) for name, answer in answers if answer.pre is not None]
    if not given:
        return None
    values = _filled([(name, state.values) for name, state in given], "before the block")
    known = {key: value for key, value in values.items() if value is not None}
    return KnownState(known, is_whole=any(state.is_whole for _, state in given))


def _with_payments(
    steps: Sequence[Step],
    facts: Sequence[TransactionFacts],
    coinbase: str,
    pre: KnownState | None,
    *,
    writes_known: bool,
) -> list[Step]:
    """The steps, the coinbase only added to where it is only paid."""
    balance = StateKey(coinbase, BALANCE)
    plain: list[Step] = []
    for step, fact in zip(steps, facts, strict=True):
        is_party = coinbase in (fact.sender, fact.to)
        # Tracers show the coinbase with every transaction, as each of them pays it.
        reads = step.reads if is_party else _without_account(step.reads, coinbase)
        writes = step.writes
        if not writes_known and balance not in writes:
            writes = {**writes, balance: None}
        plain.append(Step(reads, writes))
    return payments_as_adds(plain, facts, coinbase, pre)


def _without_account(reads: Values, address: str) -> Values:
    """The reads but for the account's own keys; slots of it are read by its code only."""
    return {key: value for key, value in reads.items() if key.address != address or key.is_slot}
