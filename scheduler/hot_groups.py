"""Hot groups: accounts that the same transactions lock, and what removing those locks would gain.

A market's accounts are locked together or not at all. Ranked one by one, they fill a list with one
cause, and removing any single one of them changes nothing. So accounts that exactly the same
transactions lock, in the same way, count as one group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .access import READ, AccessLists
from .costs import checked_costs
from .critical_path import CriticalPath, heaviest_path, parallelism
from .edges import conflict_edges
from .path_conflicts import step_conflicts
from .what_if import without_accounts


class HotGroup(NamedTuple):
    """Accounts (ids, ascending) that the same `transactions` transactions lock in the same way.

    `critical_path_share`: the part of the critical path's cost that lies in transactions which
    lock the group, 0 to 1. `parallelism_without`: total cost / critical path cost, if none of
    these accounts were locked.
    """

    accounts: tuple[int, ...]
    transactions: int
    critical_path_share: float
    parallelism_without: float


def hot_groups(
    access: AccessLists, costs: ArrayLike, path: CriticalPath, limit: int
) -> list[HotGroup]:
    """The `limit` groups with the largest share of `path`, the one that would gain most first.

    Groups that hold nobody back (locked by one transaction, or written by none) are left out. Of
    equal shares, the group that more transactions lock, then the one with the lowest account id.
    `costs` int64[n]; `path` is the critical path at these costs. O(accesses) beside a sort, and as
    much again for each group without which the path would break.
    Raises ValueError for a negative limit or bad costs.
    """
    if limit < 0:
        raise ValueError(f"limit is {limit}; it cannot be negative")
    weights = checked_costs(costs, len(access))
    groups = _groups(access)
    hottest = _ranked(groups, weights, path)[:limit]
    alone = _holding_alone(access, path.transactions, [group.accounts for group in hottest])
    total = sum(weights.tolist())
    found: list[HotGroup] = []
    for (accounts, positions), shortens in zip(hottest, alone, strict=True):
        cost = _cost_without(access, accounts, weights) if shortens else path.cost
        share = _share(positions, weights, path)
        found.append(HotGroup(accounts, len(positions), share, parallelism(total, cost)))
    return sorted(found, key=lambda group: -group.parallelism_without)


class _Group(NamedTuple):
    """Account ids, and the transactions that lock them: both ascending."""

    accounts: tuple[int, ...]
    positions: NDArray[np.uint32]


def _groups(access: AccessLists) -> list[_Group]:
    """All groups that hold a transaction back, by lowest account id."""
    order = np.argsort(access.accounts, kind="stable")  # within an account, by position
    locks = access.positions[order].astype(np.int64) << 2 | access.kinds_of(order)
    counts = np.bincount(access.accounts, minlength=access.account_count)
    changing = access.kinds_of(slice(None)) != READ
    writes = np.bincount(access.accounts[changing], minlength=access.account_count)
    ends = np.cumsum(counts)
    members: dict[bytes, list[int]] = {}
    for account in np.flatnonzero((counts > 1) & (writes > 0)).tolist():
        locked = locks[ends[account] - counts[account] : ends[account]]
        members.setdefault(locked.tobytes(), []).append(account)
    return [
        _Group(tuple(accounts), (np.frombuffer(locked, dtype=np.int64) >> 2).astype(np.uint32))
        for locked, accounts in members.items()
    ]


def _ranked(groups: list[_Group], weights: NDArray[np.int64], path: CriticalPath) -> list[_Group]:
    on_path = np.zeros(len(weights))
    on_path[list(path.transactions)] = weights[list(path.transactions)]
    shares = [float(on_path[group.positions].sum()) for group in groups]
    order = sorted(
        range(len(groups)),
        key=lambda n: (-shares[n], -len(groups[n].positions), groups[n].accounts[0]),
    )
    return [groups[n] for n in order]


def _share(positions: NDArray[np.uint32], weights: NDArray[np.int64], path: CriticalPath) -> float:
    locking = set(positions.tolist()).intersection(path.transactions)
    cost = sum(weights[list(locking)].tolist())
    return cost / path.cost if path.cost else 0.0


def _holding_alone(
    access: AccessLists, path: Sequence[int], groups: Sequence[tuple[int, ...]]
) -> list[bool]:
    """For each group, whether some step of the path conflicts only on its accounts.

    Without any other group the path stays as it is, and so does its cost: no edge is added.
    """
    group_of = np.full(access.account_count, -1, dtype=np.int64)
    for number, accounts in enumerate(groups):
        group_of[list(accounts)] = number
    conflicts = step_conflicts(access, path)
    steps, blocked_by = conflicts[:, 0], group_of[conflicts[:, 1]]
    firsts = np.flatnonzero(np.diff(steps, prepend=-1))
    if not len(firsts):
        return [False] * len(groups)
    lowest, highest = (
        np.minimum.reduceat(blocked_by, firsts),
        np.maximum.reduceat(blocked_by, firsts),
    )
    alone = set(lowest[lowest == highest].tolist())
    return [number in alone for number in range(len(groups))]


def _cost_without(
    access: AccessLists, accounts: tuple[int, ...], weights: NDArray[np.int64]
) -> int:
    gone = np.zeros(access.account_count, dtype=np.bool_)
    gone[list(accounts)] = True
    return heaviest_path(conflict_edges(without_accounts(access, gone)), weights).cost
