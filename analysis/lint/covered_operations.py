"""Operations of a Sei message that order nothing, since another one of the message orders as much.

An operation covers another if its resource holds the other's (the same, `*` of its type, or `*` of
a type above) and it writes, or the other only reads. Whatever has to wait for the covered one has
to wait for it as well. Of two equal ones the first counts. A commit that is not the last operation
commits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...ingest.sei.operations import EVERY, Operation
from ...ingest.sei.resource_tree import Resource


class Covered(NamedTuple):
    """The operation at `place` is covered by the one at `by`."""

    place: int
    by: int


def covered_operations(operations: Sequence[Operation]) -> Iterator[Covered]:
    """The operations that others cover, in order. O(operations × depth of the tree)."""
    first: dict[tuple[Resource, str, bool], int] = {}
    for index, operation in enumerate(operations):
        if not operation.is_commit:
            key = (operation.resource, operation.identifier, operation.access.writes)
            first.setdefault(key, index)
    last = len(operations) - 1
    for index, operation in enumerate(operations):
        if operation.is_commit:
            by = last if index < last else None
        else:
            by = next(_covering(first, index, operation), None)
        if by is not None:
            yield Covered(index, by)


def _covering(
    first: dict[tuple[Resource, str, bool], int], index: int, operation: Operation
) -> Iterator[int]:
    """The operations that cover one, the widest first."""
    resource, identifier, writes = operation.resource, operation.identifier, operation.access.writes
    places = [(above, EVERY) for above in reversed(resource.ancestors)]
    places += [(resource, EVERY)] if identifier != EVERY else []
    for place in places:
        for stronger in (True,) if writes else (True, False):
            if (*place, stronger) in first:
                yield first[(*place, stronger)]
    if not writes and (resource, identifier, True) in first:
        yield first[resource, identifier, True]
    if first[resource, identifier, writes] < index:
        yield first[resource, identifier, writes]
