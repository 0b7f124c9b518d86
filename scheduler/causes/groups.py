"""Groups: accounts that cause exactly the same conflicts, and so act as one.

A market's accounts are locked together or not at all. Ranked one by one, they fill a list with one
cause, and taking any single one of them away changes nothing.

The rule: two accounts are one group if the same pairs of transactions conflict on them. On one
account every two accesses conflict, but for two reads and for two adds. So who accesses it, and
which of them read or add together, says all of its conflicts, and no pair needs to be looked at:

    transaction   0   1   2   3
    account a     R   R   W   W    all pairs conflict but 0 and 1
    account b     R   R   W   R    all that have 2: another group
    account c     W   .   .   R    0 and 3: a lone read conflicts with all others, as a write does
    account d     W   .   .   W    0 and 3: one group with c

An account that one transaction accesses, or that all of them only read or only add to, causes no
conflict and is in no group.

In a hierarchy an account stands for all below it: see `nested_groups`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import ADD, READ, AccessLists
from ..flat_keys import account_of_key, flattened, touching
from ..hierarchy import nearest_among, with_descendants

# What an access is marked with: it conflicts with all others of the account, or with all but those
# that are marked alike.
_WITH_ALL: Final = 0
_FIRST_TOGETHER: Final = 1
_SECOND_TOGETHER: Final = 2
_MARK_BITS: Final = 2


class AccountGroup(NamedTuple):
    """Account ids, and the positions of all transactions that lock one of them: both ascending."""

    accounts: tuple[int, ...]
    positions: NDArray[np.uint32]


def account_groups(access: AccessLists) -> list[AccountGroup]:
    """All groups, by lowest account id. O(accesses) beside a sort."""
    if access.parents is not None:
        return nested_groups(access, access.parents)
    order = np.argsort(access.accounts, kind="stable")  # within an account, by position
    counts = np.bincount(access.accounts, minlength=access.account_count)
    ends = np.cumsum(counts)
    marked = access.positions[order].astype(np.int64) << _MARK_BITS
    marked |= _marks(access, order)
    members: dict[bytes, list[int]] = {}
    for account in np.flatnonzero(conflicting_accounts(access)).tolist():
        accesses = marked[ends[account] - counts[account] : ends[account]]
        members.setdefault(accesses.tobytes(), []).append(account)
    return [
        AccountGroup(
            tuple(accounts),
            (np.frombuffer(accesses, dtype=np.int64) >> _MARK_BITS).astype(np.uint32),
        )
        for accesses, accounts in members.items()
    ]


def conflicting_accounts(access: AccessLists) -> NDArray[np.bool_]:
    """bool[account_count]: whether any two transactions conflict on an account.

    In a hierarchy: of two related accounts, on the upper.
    """
    if access.parents is not None:
        keys = np.flatnonzero(conflicting_accounts(flattened(access)))
        found = np.zeros(access.account_count, dtype=np.bool_)
        found[account_of_key(access, keys)] = True
        return found
    counts, reads, adds = (_counted(access, kind) for kind in (None, READ, ADD))
    return (counts > 1) & (reads < counts) & (adds < counts)


def _counted(access: AccessLists, kind: int | None) -> NDArray[np.int64]:
    """How many accesses of one kind, or of any, each account has."""
    accounts = access.accounts
    if kind is not None:
        accounts = accounts[access.kinds_of(slice(None)) == kind]
    return np.bincount(accounts, minlength=access.account_count)


def _marks(access: AccessLists, order: NDArray[np.intp]) -> NDArray[np.int64]:
    """The mark of each access, in `order`: by account, then by position.

    A lone read or add conflicts with all others. Where there are several of both, those that come
    first have the first mark, whichever they are: the conflicts are the same.
    """
    kinds = access.kinds_of(order)
    together = np.zeros(len(order), dtype=np.bool_)
    first_of: list[NDArray[np.int64]] = []
    for kind in (READ, ADD):
        rows = np.flatnonzero(kinds == kind)
        per_account = _counted(access, kind)
        together[rows] = per_account[access.accounts[order[rows]]] > 1
        first = np.full(access.account_count, len(order), dtype=np.int64)
        shared = rows[together[rows]]
        first[access.accounts[order[shared]][::-1]] = shared[::-1]
        first_of.append(first)
    accounts = access.accounts[order]
    earlier = np.minimum(first_of[0], first_of[1])[accounts]
    of_own = np.where(kinds == ADD, first_of[1][accounts], first_of[0][accounts])
    marks = np.where(of_own == earlier, _FIRST_TOGETHER, _SECOND_TOGETHER)
    return np.where(together, marks, _WITH_ALL)


def nested_groups(access: AccessLists, parents: NDArray[np.int64]) -> list[AccountGroup]:
    """The groups of a hierarchy: accounts that cause conflicts, and all below them.

    Those that are accessed alike, with nothing accessed below them and the same accounts above,
    are one group, and each other account is one of its own.
    """
    order = np.argsort(access.accounts, kind="stable")
    counts = np.bincount(access.accounts, minlength=access.account_count)
    ends = np.cumsum(counts)
    marked = access.positions[order].astype(np.int64) << _MARK_BITS | access.kinds_of(order)
    is_accessed = counts > 0
    nearest = nearest_among(parents, is_accessed)
    has_below = np.zeros(access.account_count, dtype=np.bool_)
    has_below[nearest[is_accessed & (nearest >= 0)]] = True
    causes = conflicting_accounts(access)
    is_alike = ~has_below & is_accessed & with_descendants(parents, causes)
    members: dict[tuple[bytes, int], list[int]] = {}
    for account in np.flatnonzero(causes | is_alike).tolist():
        accesses = marked[ends[account] - counts[account] : ends[account]].tobytes()
        place = int(nearest[account]) if is_alike[account] else access.account_count + account
        members.setdefault((accesses, place), []).append(account)
    touched = touching(access)
    bounds = np.searchsorted(touched[:, 0], np.arange(access.account_count + 1))
    positions = touched[:, 1].astype(np.uint32)
    # Those that are alike are locked by the same transactions.
    return [
        AccountGroup(tuple(accounts), positions[bounds[accounts[0]] : bounds[accounts[0] + 1]])
        for accounts in members.values()
    ]
