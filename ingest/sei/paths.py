"""Operations as accesses to paths: resource types, and identifiers below them.

The path of `*` is the type itself, so that it conflicts with every identifier of its type, with the
types below and with those above. Any other identifier is a path of its own below its type. UNKNOWN
is a write, and a commit touches nothing.

An identifier of a type that has types below it breaks a rule for mappings, but Sei's scheduler
takes it, and its tests use it: it meets every type below, and no other identifier. Paths cannot say
that, so such a type has two more paths where it matters. Whoever writes an identifier adds to the
first, and whoever touches a type below reads it: adds meet reads, and neither meets its like. The
second is the same for reads of identifiers and writes below.

Guarantees: two transactions conflict on paths exactly if two of their operations conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...scheduler.access import ADD, READ, WRITE, AccessLists
from .block import SeiBlock, SeiTransaction
from .operations import EVERY, UNKNOWN_ANY, Operation
from .resource_tree import RESOURCES, Resource

NO_PARENT: Final = -1
_WRITTEN: Final = " (written by identifier)"
_READ: Final = " (read by identifier)"

Touch = tuple[str, int]  # a path and READ, WRITE or ADD


class PathColumns(NamedTuple):
    """The accesses of n transactions, m in all, to k paths, those above them included.

    `offsets` int64[n+1]: transaction i has rows offsets[i]:offsets[i+1]. `accounts` uint32[m]:
    ids below k, each at most once in a transaction. `writes`, `adds` bool[m]: never both.
    `names` (k). `parents` int64[k]: the id of the path above, NO_PARENT for the top.
    """

    offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    writes: NDArray[np.bool_]
    adds: NDArray[np.bool_]
    names: list[str]
    parents: NDArray[np.int64]

    def access(self) -> AccessLists:
        """The same as access lists."""
        return AccessLists.from_columns(
            self.offsets, self.accounts, self.writes, len(self.names), self.adds, self.parents
        )


def path_of(operation: Operation) -> str:
    """`KV_BANK_BALANCES/02ab`, or the type alone for every identifier."""
    if operation.identifier == EVERY:
        return operation.resource.name
    return f"{operation.resource.name}/{operation.identifier}"


def path_columns(block: SeiBlock, also: Iterable[str] = ()) -> PathColumns:
    """The accesses of a block's transactions. One that must run in sequence writes everything.

    `also`: paths that get an id, though no transaction touches them.
    """
    table = _Table()
    mixed = _mixed(block)
    offsets, accounts, kinds = [0], list[int](), list[int]()
    for transaction in block.transactions:
        touched = _touched(_operations(transaction, block), mixed)
        for path, kind in touched.items():
            accounts.append(table.id_of(path))
            kinds.append(kind)
        offsets.append(len(accounts))
    for path in also:
        table.id_of(path)
    kind_column = np.array(kinds, dtype=np.uint8)
    return PathColumns(
        np.array(offsets, dtype=np.int64),
        np.array(accounts, dtype=np.uint32),
        kind_column == WRITE,
        kind_column == ADD,
        table.names,
        np.array(table.parents, dtype=np.int64),
    )


def _operations(transaction: SeiTransaction, block: SeiBlock) -> Sequence[Operation]:
    if block.governance is not None:
        return (UNKNOWN_ANY,)
    listed = chain.from_iterable(message.operations for message in transaction.messages)
    return [operation for operation in listed if not operation.is_commit]


def _touched(operations: Iterable[Operation], mixed: set[Resource]) -> dict[str, int]:
    """The paths that a transaction touches, and how: of two ways the one that says both."""
    found: dict[str, int] = {}
    for operation in operations:
        for path, kind in _touches(operation, mixed):
            before = found.get(path, kind)
            # A write says it all; and what both reads and adds conflicts with all others, too.
            found[path] = kind if before == kind else WRITE
    return found


def _touches(operation: Operation, mixed: set[Resource]) -> Iterator[Touch]:
    resource, writes = operation.resource, operation.access.writes
    yield path_of(operation), WRITE if writes else READ
    if resource in mixed and operation.identifier != EVERY:
        yield (resource.name + _WRITTEN, ADD) if writes else (resource.name + _READ, READ)
    for above in resource.ancestors:
        if above in mixed:
            yield above.name + _WRITTEN, READ
            if writes:
                yield above.name + _READ, ADD


def _mixed(block: SeiBlock) -> set[Resource]:
    """The types of which a block touches identifiers, and types below, too."""
    identified = set[Resource]()
    above = set[Resource]()
    for transaction in block.transactions:
        for operation in _operations(transaction, block):
            above.update(operation.resource.ancestors)
            if operation.resource.children and operation.identifier != EVERY:
                identified.add(operation.resource)
    return identified & above


class _Table:
    """Ids of paths, by first appearance, what is above before what is below."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parents: list[int] = []
        self._ids: dict[str, int] = {}

    def id_of(self, path: str) -> int:
        found = self._ids.get(path)
        if found is None:
            parent = self._parent(path)
            found = self._ids[path] = len(self.names)
            self.names.append(path)
            self.parents.append(parent)
        return found

    def _parent(self, path: str) -> int:
        resource = RESOURCES.get(path)
        if resource is not None:
            return NO_PARENT if resource.parent is None else self.id_of(resource.parent.name)
        # A type's name has neither a slash nor a space in it.
        return self.id_of(path.partition("/")[0].partition(" ")[0])
