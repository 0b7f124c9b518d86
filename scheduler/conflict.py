"""Conflicts: on which accounts, and how, two transactions conflict."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from .access import AccessLists


class ConflictKind(Enum):
    """What the later transaction does after what the earlier one did."""

    READ_AFTER_WRITE = "read after write"
    WRITE_AFTER_READ = "write after read"
    WRITE_AFTER_WRITE = "write after write"


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
    before = _writes_by_account(access, earlier)
    after = _writes_by_account(access, later)
    shared = sorted(before.keys() & after.keys())
    return [
        Conflict(account, _kind(before[account], after[account]))
        for account in shared
        if before[account] or after[account]
    ]


def _writes_by_account(access: AccessLists, position: int) -> dict[int, bool]:
    accounts, writes = access.of(position)
    return dict(zip(accounts.tolist(), writes.tolist(), strict=True))


def _kind(earlier_writes: bool, later_writes: bool) -> ConflictKind:
    if not later_writes:
        return ConflictKind.READ_AFTER_WRITE
    if earlier_writes:
        return ConflictKind.WRITE_AFTER_WRITE
    return ConflictKind.WRITE_AFTER_READ
