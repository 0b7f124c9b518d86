"""Conflicts: on which accounts, and how, two transactions conflict."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .access import ADD, READ, WRITE, AccessLists
from .hierarchy import ancestors


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
    """One account that orders two transactions, and how.

    `ancestor`: where one accesses the account and the other one above it, the id of that one.
    """

    account: int
    kind: ConflictKind
    ancestor: int | None = None

    @property
    def upper(self) -> int:
        """The account that both of them touch: this one, or its ancestor."""
        return self.account if self.ancestor is None else self.ancestor


def conflicts_between(access: AccessLists, earlier: int, later: int) -> list[Conflict]:
    """All conflicts of two transactions, by account id; empty if they may run together.

    In a hierarchy, also those on an account and its ancestors: O(accesses × depth).
    Raises ValueError unless earlier < later, IndexError for a position out of range.
    """
    if earlier >= later:
        raise ValueError(f"transaction {earlier} does not come before transaction {later}")
    before = _kinds_by_account(access, earlier)
    after = _kinds_by_account(access, later)
    found = [
        Conflict(account, _KINDS[before[account], after[account]])
        for account in sorted(before.keys() & after.keys())
        if (before[account], after[account]) in _KINDS
    ]
    if access.parents is not None:
        found += _through_ancestors(access.parents, before, after)
        # Twice the same where each of the two accesses both accounts.
        found = sorted(dict.fromkeys(found), key=_place)
    return found


def _place(conflict: Conflict) -> tuple[int, int, str]:
    above = -1 if conflict.ancestor is None else conflict.ancestor
    return conflict.account, above, conflict.kind.value


def _through_ancestors(
    parents: NDArray[np.int64], before: dict[int, int], after: dict[int, int]
) -> Iterator[Conflict]:
    for account, kind in before.items():
        for above in ancestors(parents, account):
            kinds = (kind, after.get(above, _NO_ACCESS))
            if kinds in _KINDS:
                yield Conflict(account, _KINDS[kinds], above)
    for account, kind in after.items():
        for above in ancestors(parents, account):
            kinds = (before.get(above, _NO_ACCESS), kind)
            if kinds in _KINDS:
                yield Conflict(account, _KINDS[kinds], above)


def _kinds_by_account(access: AccessLists, position: int) -> dict[int, int]:
    accounts, _ = access.of(position)
    rows = slice(access.offsets[position], access.offsets[position + 1])
    return dict(zip(accounts.tolist(), access.kinds_of(rows).tolist(), strict=True))


_NO_ACCESS: Final = -1
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
