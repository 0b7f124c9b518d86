"""Lints a block of Sei: what its messages declare, against the store events and against itself.

Where events are recorded, it says which of them no operation covers, as Sei's own check does, and
which operations cover none of them. Everywhere it says which operations order nothing, since others
of the message cover them; once for each type of message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from ...ingest.loaded_block import LoadedBlock
from ...ingest.sei.block import Message, SeiBlock, SeiTransaction
from ...ingest.sei.operation_graph import ANTE_HANDLER
from ...ingest.sei.operations import EVERY, Operation
from ...ingest.sei.paths import path_columns, path_of
from ...ingest.sei.store_events import SEI_STORES, StoreEvent, missing_events, unmatched
from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.access import READ, WRITE
from .covered_operations import covered_operations
from .finding import Finding, Kind, Mend, Saved, Unknown
from .pricing import Change, Prices
from .result import Lint, LintedAccount

_READS_NOTE: Final = (
    "a read that a write covers orders nothing, and is called unneeded; Sei's own check of events "
    "asks for it all the same"
)
_EVENTS_NOTE: Final = "events tell what this block did: another may touch more of what is declared"


class _Found(NamedTuple):
    """A finding before it has a price. A lock is READ, WRITE, or None for none.

    `alone`: the transaction's lock of the path if this is mended alone; `in_all`: if all is.
    `is_priced`: whether mending it can change a plan. `is_covered_read`: whether it is a read that
    a write covers.
    """

    position: int
    path: str
    kind: Kind
    reason: str
    alone: int | None = None
    in_all: int | None = None
    is_priced: bool = False
    is_covered_read: bool = False


Progress: TypeAlias = "Callable[[int], None]"


def _silent(_: int) -> None:
    """Report no progress."""


_Touches: TypeAlias = "Counter[tuple[str, bool]]"  # operations by path, and whether they write


def lint_sei(loaded: LoadedBlock, block: SeiBlock, progress: Progress | None = None) -> Lint:
    """What is found in a block. Nothing is executed. `progress`: as `lint` calls it."""
    advance = progress or _silent
    found: list[_Found] = []
    for position in range(len(block.transactions)):
        found += _of(block, position)
        advance(position + 1)
    found += _covered(block, {(each.position, each.path) for each in found})
    found.sort(key=lambda each: (not each.kind.is_undeclared, each.position))
    priced = _Priced(loaded, block, found)
    return Lint(
        findings=tuple(priced.findings(advance)),
        accounts=tuple(priced.accounts()),
        transactions=len(loaded),
        before=priced.prices.before,
        after=priced.prices.after(priced.all_changes()),
        writes=int(loaded.block.access.writes.sum()),
        unknown=tuple(_unknown(block)),
        notes=(*loaded.notes, *_notes(found)),
    )


def _of(block: SeiBlock, position: int) -> Iterator[_Found]:
    """What events say of one transaction."""
    transaction = block.transactions[position]
    messages = [each for each in transaction.messages if each.events is not None]
    touches = _touches(transaction)
    kept, unneeded = _without_superfluous(messages, touches)
    missing = [(message, event) for message in messages for event in _missing(message)]
    mended = kept.copy()
    mended.update((_event_path(event), event.access.writes) for _, event in missing)
    for message, event in missing:
        yield _undeclared(position, message, event, touches, mended)
    for path, said in unneeded.items():
        before, after = _lock(touches, path), _lock(kept, path)
        kind = Kind.UNNEEDED_ACCOUNT if after is None else Kind.UNNEEDED_WRITE
        if before == after:
            kind = Kind.UNNEEDED_OPERATION
        reason = f"{'; '.join(said)}: {_REASONS[kind]}"
        in_all = _lock(mended, path)
        yield _Found(position, path, kind, reason, after, in_all, is_priced=before != after)


_REASONS: Final = {
    Kind.UNNEEDED_ACCOUNT: "no event touches it",
    Kind.UNNEEDED_WRITE: "its keys are only read",
    Kind.UNNEEDED_OPERATION: "no event asks for it beside the others",
}


def _touches(transaction: SeiTransaction) -> _Touches:
    return Counter(
        (path_of(operation), operation.access.writes)
        for message in transaction.messages
        for operation in message.operations
        if not operation.is_commit
    )


def _lock(touches: _Touches, path: str) -> int | None:
    if touches[path, True] > 0:
        return WRITE
    return READ if touches[path, False] > 0 else None


def _without_superfluous(
    messages: Sequence[Message], touches: _Touches
) -> tuple[_Touches, dict[str, list[str]]]:
    """What is left without the operations that cover no event; and those, by path."""
    kept, unneeded = touches.copy(), dict[str, list[str]]()
    for message in messages:
        operations = message.operations
        for index, is_read in unmatched(operations, message.events or (), SEI_STORES):
            path = path_of(operations[index])
            kept[path, operations[index].access.writes] -= 1
            kept[path, False] += is_read
            unneeded.setdefault(path, []).append(_said(message, operations, index))
    return kept, unneeded


def _missing(message: Message) -> list[StoreEvent]:
    return missing_events(message.operations, message.events or (), SEI_STORES)


def _undeclared(
    position: int, message: Message, event: StoreEvent, touches: _Touches, mended: _Touches
) -> _Found:
    path, writes = _event_path(event), event.access.writes
    reason = (
        f"{_called(message)} {'writes' if writes else 'reads'} key {event.key} of store "
        f"{event.store or 'unknown'}, and no operation covers that"
    )
    return _Found(
        position,
        path,
        Kind.UNDECLARED_WRITE if writes else Kind.UNDECLARED_READ,
        reason,
        alone=WRITE if writes else _lock(touches, path) or READ,
        in_all=_lock(mended, path),
        is_priced=event.resource() is not None,
    )


def _event_path(event: StoreEvent) -> str:
    """The path to declare: of the key, or of its whole type where that has others below it."""
    resource = event.resource()
    if resource is None:
        return f"{event.store or 'unknown store'}/{event.key}"
    identifier = EVERY if resource.children else event.key
    return path_of(Operation(event.access, resource, identifier))


def _covered(block: SeiBlock, told: Collection[tuple[int, str]]) -> Iterator[_Found]:
    """Operations that others cover, once for each type of message that declares them.

    `told`: positions and paths of which events have told already.
    """
    positions: dict[tuple[str, tuple[Operation, ...]], list[int]] = {}
    first: dict[tuple[str, tuple[Operation, ...]], Message] = {}
    for position, transaction in enumerate(block.transactions):
        for message in transaction.messages:
            declared = message.operations if message.declared is None else message.declared
            positions.setdefault((message.key, declared), []).append(position)
            first.setdefault((message.key, declared), message)
    for (key, declared), places in positions.items():
        others = len(places) - 1
        like = f", and {counted(others, 'other message')} alike" * bool(others)
        for index, by in covered_operations(declared):
            operation = declared[index]
            if (places[0], path_of(operation)) in told:
                continue
            said = _said(first[key, declared], declared, index)
            yield _Found(
                places[0],
                path_of(operation),
                Kind.UNNEEDED_OPERATION,
                f"{said}: {_why(declared, index, by)}{like}",
                is_covered_read=declared[by].access.writes and not operation.access.writes,
            )


def _why(operations: Sequence[Operation], index: int, by: int) -> str:
    if operations[index].is_commit:
        return f"only the last commit counts, operation {by}"
    if operations[index] == operations[by]:
        return f"it repeats operation {by}"
    return f"operation {by} ({operations[by]}) covers it"


def _called(message: Message) -> str:
    if message.number == ANTE_HANDLER:
        return "the ante handler"
    return f"message {message.number}" + (f" ({message.key})" if message.key else "")


def _said(message: Message, operations: Sequence[Operation], index: int) -> str:
    return f"{_called(message)}, operation {index} ({operations[index]})"


def _unknown(block: SeiBlock) -> Iterator[Unknown]:
    """The transactions without events: most of what is superfluous in them cannot be seen."""
    for transaction in block.transactions:
        silent = [each for each in transaction.messages if each.events is None]
        operations = {
            path_of(each) for message in silent for each in message.operations if each.access.writes
        }
        if any(not each.is_commit for message in silent for each in message.operations):
            yield Unknown(transaction.id, len(operations), "no events of it are recorded")


def _notes(found: Sequence[_Found]) -> Iterator[str]:
    if any(each.is_covered_read for each in found):
        yield _READS_NOTE
    if any(each.kind in _REASONS and each.is_priced for each in found):
        yield _EVENTS_NOTE


@dataclass(slots=True, init=False)
class _Priced:
    """Findings with their prices. What changes no lock of a transaction saves nothing."""

    prices: Prices
    _loaded: LoadedBlock
    _found: Sequence[_Found]
    _ids: Mapping[str, int]

    def __init__(self, loaded: LoadedBlock, block: SeiBlock, found: Sequence[_Found]) -> None:
        self._loaded, self._found = loaded, found
        columns = path_columns(block, also=[each.path for each in found if each.is_priced])
        self._ids = {name: account for account, name in enumerate(columns.names)}
        self.prices = Prices(Schedule(columns.access(), loaded.block.costs, ids=loaded.ids))

    def findings(self, advance: Progress) -> list[Finding]:
        findings: list[Finding] = []
        for done, each in enumerate(self._found):
            findings.append(self._finding(each))
            advance(len(self._loaded) + len(self._loaded) * done // len(self._found))
        return sorted(findings, key=Finding.rank)

    def _finding(self, found: _Found) -> Finding:
        return Finding(
            transaction=self._loaded.ids[found.position],
            account=found.path,
            kind=found.kind,
            mend=Mend.DECLARATION,
            reason=found.reason,
            saved=self._saved(found),
        )

    def _saved(self, found: _Found) -> Saved | None:
        if found.kind.is_undeclared:
            return self.prices.of_one(self._change(found)) if found.is_priced else None
        # Quick for most: what no longest chain goes through does not shorten it.
        return self.prices.of_unlocking([self._change(found)]) if found.is_priced else Saved()

    def _change(self, found: _Found) -> Change:
        return Change(found.position, self._ids[found.path], found.alone)

    def all_changes(self) -> list[Change]:
        """What mending everything comes to."""
        return [
            Change(each.position, self._ids[each.path], each.in_all)
            for each in self._found
            if each.is_priced
        ]

    def accounts(self) -> list[LintedAccount]:
        """The unneeded paths, by what nobody touching them saves."""
        changes: dict[str, list[Change]] = {}
        for each in self._found:
            if each.is_priced and not each.kind.is_undeclared:
                changes.setdefault(each.path, []).append(self._change(each))
        accounts = [
            LintedAccount(path, len(listed), self.prices.of_unlocking(listed))
            for path, listed in changes.items()
        ]
        return sorted(accounts, key=lambda each: (*each.saved.rank(), -each.transactions))
