"""Conflicts: on which accounts, and how, two transactions conflict."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from .access import ADD, READ, WRITE, AccessLists


class ConflictKind(Enum):
    """What the later transaction does after what the earlier one did."""

    READ_AFTER_WRITE = "read after write"
    WRITE_AFTER_READ = "write after read"
    WRITE_AFTER_WRITE = "write after write"
    ADD_AFTER_READ = "add after read"
    ADD_AFTER_WRITE = "add after write"
    READ_AFTER_ADD = "read after add"
    WRITE_AFTER_ADD = "write after add"


class Conflict(NamedTuple):
    """One account that orders two transactions, and how."""

    account: int
    kind: ConflictKind


def conflicts_between(access: AccessLists, earlier: int, later: int) -> list[Conflict]:
    """All conflicts of two transactions, by account id; empty if they may run together.

    Raises ValueError unless earlier < later, IndexError for a position out of range.
    """
    if earlier >= later:
        raise ValueError(f"transaction {earlier} does not come before transaction {later}")
    before = _kinds_by_account(access, earlier)
    after = _kinds_by_account(access, later)
    shared = sorted(before.keys() & after.keys())
    return [
        Conflict(account, _KINDS[before[account], after[account]])
        for account in shared
        if (before[account], after[account]) in _KINDS
    ]


def _kinds_by_account(access: AccessLists, position: int) -> dict[int, int]:
    accounts, _ = access.of(position)
    rows = slice(access.offsets[position], access.offsets[position + 1])
    return dict(zip(accounts.tolist(), access.kinds_of(rows).tolist(), strict=True))


# By the kinds of the earlier and the later access; the pairs that are not here do not conflict.
_KINDS: Final = {
    (WRITE, READ): ConflictKind.READ_AFTER_WRITE,
    (READ, WRITE): ConflictKind.WRITE_AFTER_READ,
    (WRITE, WRITE): ConflictKind.WRITE_AFTER_WRITE,
    (READ, ADD): ConflictKind.ADD_AFTER_READ,
    (WRITE, ADD): ConflictKind.ADD_AFTER_WRITE,
    (ADD, READ): ConflictKind.READ_AFTER_ADD,
    (ADD, WRITE): ConflictKind.WRITE_AFTER_ADD,
}
