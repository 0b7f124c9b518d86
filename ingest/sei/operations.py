"""Operations of Sei's access control: what a message declares that it touches, and how.

An operation names an access, a resource type and an identifier within that type, or `*` for all of
them. Two operations conflict if neither is a commit, one of them writes (UNKNOWN may write), and
one type lies above the other, or they are one type and the identifiers meet.
Source: sei-cosmos @62bafe89, x/accesscontrol/types/graph.go.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from .resource_tree import ANY, Resource

EVERY: Final = "*"  # the identifier that meets every other


class Access(StrEnum):
    """How an operation touches its resource. In the order of the protobuf numbers, from 0."""

    UNKNOWN = "UNKNOWN"
    READ = "READ"
    WRITE = "WRITE"
    COMMIT = "COMMIT"

    @property
    def writes(self) -> bool:
        """Whether it may write: what is unknown counts as a write."""
        return self in (Access.WRITE, Access.UNKNOWN)


class Operation(NamedTuple):
    """One declared access: `WRITE KV_BANK_BALANCES 02ab…`."""

    access: Access
    resource: Resource
    identifier: str

    def __str__(self) -> str:
        return f"{self.access} {self.resource.name} {self.identifier}"

    @property
    def is_commit(self) -> bool:
        return self.access is Access.COMMIT


COMMIT: Final = Operation(Access.COMMIT, ANY, EVERY)
UNKNOWN_ANY: Final = Operation(Access.UNKNOWN, ANY, EVERY)
# What a message is taken for that no mapping knows: nothing runs beside it.
SYNCHRONOUS: Final = (UNKNOWN_ANY, COMMIT)


def meet(one: Operation, other: Operation) -> bool:
    """Whether the resources of two operations have something in common."""
    if one.resource is other.resource:
        return one.identifier == other.identifier or EVERY in (one.identifier, other.identifier)
    return one.resource.is_related(other.resource)


def conflict(one: Operation, other: Operation) -> bool:
    """Whether two operations of different transactions have to keep their order."""
    if one.is_commit or other.is_commit:
        return False
    return (one.access.writes or other.access.writes) and meet(one, other)
