"""Hot groups: the groups that hold most of the critical path, and what changing them would win.

Only a group that holds a step of the path alone can shorten it: any other step stays, on another
account. That is known from the path's own locks, so wins of the rest need no computing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..access import AccessLists
from ..conflict import conflicts_between
from ..costs import checked_costs
from ..critical_path import CriticalPath, parallelism
from ..hierarchy import ancestors
from .groups import AccountGroup, account_groups
from .path_conflicts import step_conflicts
from .wins import COMMUTATIVE, SPLIT, WITHOUT, PricedBlock, Win, win_of


class HotGroup(NamedTuple):
    """Accounts (ids, ascending), locked by `transactions` transactions, and what they hold.

    `critical_path_share`: the part of the critical path's cost that lies in transactions which
    lock the group, 0 to 1. `without`, `split`, `commutative`: what would win if nobody locked
    these accounts, if each were split into SPLIT_PARTS parts, and if they were only added to.
    """

    accounts: tuple[int, ...]
    transactions: int
    critical_path_share: float
    without: Win
    split: Win
    commutative: Win

    @property
    def parallelism_without(self) -> float:
        """Total cost / critical path cost, if none of these accounts were locked."""
        return self.without.parallelism


def hot_groups(
    access: AccessLists, costs: ArrayLike, path: CriticalPath, limit: int
) -> list[HotGroup]:
    """The `limit` hottest groups of accounts that cause the same conflicts; see `rank_groups`.

    A single account of a larger group wins nothing by itself, so single accounts are ranked with
    these: they are the groups of one.
    """
    return rank_groups(access, costs, path, account_groups(access), limit)


def rank_groups(
    access: AccessLists,
    costs: ArrayLike,
    path: CriticalPath,
    groups: Sequence[AccountGroup],
    limit: int,
) -> list[HotGroup]:
    """At most `limit` of these groups, none of which share an account: what would win most first.

    Considered are those that hold a step of the path alone, then the others; among each, those with
    the largest share of the path, then those that more transactions lock, then the lowest id.
    `costs` int64[n]; `path` is the critical path at these costs. O(accesses) beside a sort, and
    three times as much again for each group without which the path would be shorter.
    Raises ValueError for a negative limit or bad costs.
    """
    if limit < 0:
        raise ValueError(f"limit is {limit}; it cannot be negative")
    block = PricedBlock(access, checked_costs(costs, len(access)))
    alone = _holding_alone(access, path.transactions, groups)
    chosen = _order(groups, alone, block.costs, path)[:limit]
    found = [_weighed(groups[n], bool(alone[n]), block, path) for n in chosen]
    return sorted(found, key=lambda group: group.without.critical_path_cost)


def _weighed(group: AccountGroup, alone: bool, block: PricedBlock, path: CriticalPath) -> HotGroup:
    """The group with its wins. Where locking it not at all wins nothing, nothing else does."""
    same = parallelism(block.total_cost, path.cost)
    wins = {
        change: Win(change, group.accounts, path.cost, same, block)
        for change in (WITHOUT, SPLIT, COMMUTATIVE)
    }
    if alone:
        wins[WITHOUT] = win_of(block, group.accounts, WITHOUT)
    if wins[WITHOUT].critical_path_cost < path.cost:
        for change in (SPLIT, COMMUTATIVE):
            wins[change] = win_of(block, group.accounts, change)
    return HotGroup(
        group.accounts,
        len(group.positions),
        _share(group.positions, block.costs, path),
        wins[WITHOUT],
        wins[SPLIT],
        wins[COMMUTATIVE],
    )


def _order(
    groups: Sequence[AccountGroup],
    alone: NDArray[np.bool_],
    costs: NDArray[np.int64],
    path: CriticalPath,
) -> list[int]:
    """The groups by place, as they are considered."""
    on_path = np.zeros(len(costs))
    on_path[list(path.transactions)] = costs[list(path.transactions)]
    lens = np.array([len(group.positions) for group in groups], dtype=np.int64)
    locked = np.concatenate([np.zeros(0, np.uint32), *(group.positions for group in groups)])
    sums = np.concatenate(([0.0], np.cumsum(on_path[locked])))
    ends = np.cumsum(lens)
    shares = sums[ends] - sums[ends - lens]
    firsts = np.array([group.accounts[0] for group in groups], dtype=np.int64)
    return np.lexsort((firsts, -lens, -shares, ~alone)).tolist()


def _share(positions: NDArray[np.uint32], costs: NDArray[np.int64], path: CriticalPath) -> float:
    locking = set(positions.tolist()).intersection(path.transactions)
    cost = sum(costs[list(locking)].tolist())
    return cost / path.cost if path.cost else 0.0


def _holding_alone(
    access: AccessLists, path: Sequence[int], groups: Sequence[AccountGroup]
) -> NDArray[np.bool_]:
    """bool[groups]: whether some step of the path conflicts only on a group's accounts.

    Without any other group the path stays as it is, and so does its cost: no edge is added.
    """
    alone = np.zeros(len(groups), dtype=np.bool_)
    if access.parents is not None:
        alone[_cutting_alone(access, path, groups)] = True
        return alone
    group_of = np.full(access.account_count, -1, dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[list(group.accounts)] = number
    conflicts = step_conflicts(access, path)
    steps, held_by = conflicts[:, 0], group_of[conflicts[:, 1]]
    firsts = np.flatnonzero(np.diff(steps, prepend=-1))
    if len(firsts):
        lowest, highest = np.minimum.reduceat(held_by, firsts), np.maximum.reduceat(held_by, firsts)
        alone[lowest[(lowest == highest) & (lowest >= 0)]] = True
    return alone


def _cutting_alone(
    access: AccessLists, path: Sequence[int], groups: Sequence[AccountGroup]
) -> list[int]:
    """In a hierarchy: the groups without which some step of the path has no conflict left.

    To take an account away takes away all below it, so a conflict goes with the lower of its two
    accounts, and with each ancestor of that.
    """
    groups_of: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        for account in group.accounts:
            groups_of.setdefault(account, []).append(number)
    found: dict[int, None] = {}
    for earlier, later in pairwise(path):
        lower = {conflict.account for conflict in conflicts_between(access, earlier, later)}
        cut = Counter[int]()
        for account in lower:
            chain = (account, *ancestors(access.parents, account))
            cut.update({number for above in chain for number in groups_of.get(above, ())})
        found |= dict.fromkeys(number for number, count in cut.items() if count == len(lower))
    return list(found)
