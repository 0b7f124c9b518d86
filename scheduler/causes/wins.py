"""Wins: what a block comes to if some accounts are locked differently. Computed, never estimated.

Three changes are looked at: the accounts are locked by nobody; each is split into SPLIT_PARTS
parts; each is only added to where it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..critical_path import heaviest_path, parallelism
from ..dag import Dag, build_dag
from ..plan import plan_without_barriers
from ..precedence import Precedence
from ..simulation.lane_timing import time_lanes
from ..what_if import commutative, split_each, without_accounts

SPLIT_PARTS: Final = 8

WITHOUT: Final = "without"
SPLIT: Final = "split"
COMMUTATIVE: Final = "commutative"
_CHANGED: Final[dict[str, Callable[[AccessLists, NDArray[np.bool_]], AccessLists]]] = {
    WITHOUT: without_accounts,
    SPLIT: lambda access, accounts: split_each(access, accounts, SPLIT_PARTS),
    COMMUTATIVE: commutative,
}


@dataclass(frozen=True, eq=False)
class PricedBlock:
    """Who locks what, and costs int64[n], which must have been checked."""

    access: AccessLists
    costs: NDArray[np.int64]

    @cached_property
    def total_cost(self) -> int:
        return sum(self.costs.tolist())


@dataclass(frozen=True)
class Win:
    """A block with one change: what its critical path then costs, and how parallel it then is.

    `parallelism`: total cost / critical path cost; no number of workers gets beyond it.
    """

    change: str
    accounts: tuple[int, ...]
    critical_path_cost: int
    parallelism: float
    block: PricedBlock = field(repr=False, compare=False)

    def speed_ups(self, workers: Iterable[int]) -> dict[int, float]:
        """Total cost / makespan in so many lanes, planned as the runtime does.

        As `sealane plan --workers` says of the changed block. Takes as long as making those plans.
        Raises ValueError for less than one worker, TypeError for no integer.
        """
        changed = changed_locks(self.block.access, self.accounts, self.change)
        return lane_speed_ups(build_dag(changed), self.block.costs, workers)


def lane_speed_ups(dag: Dag, costs: NDArray[np.int64], workers: Iterable[int]) -> dict[int, float]:
    """By number of workers: total cost / makespan in so many lanes; 1.0 with nothing to do."""
    weights: list[int] = costs.tolist()
    total = sum(weights)
    found: dict[int, float] = {}
    for count in workers:
        makespan = time_lanes(plan_without_barriers(dag, costs, count), weights).makespan
        found[count] = total / makespan if makespan else 1.0
    return found


def win_of(block: PricedBlock, accounts: tuple[int, ...], change: str) -> Win:
    """What one change of these accounts comes to. O(accesses) beside a sort."""
    order = Precedence.of(changed_locks(block.access, accounts, change))
    cost = heaviest_path(order, block.costs).cost
    return Win(change, accounts, cost, parallelism(block.total_cost, cost), block)


def changed_locks(access: AccessLists, accounts: Sequence[int], change: str) -> AccessLists:
    """The access lists with one of the three changes made to these accounts."""
    chosen = np.zeros(access.account_count, dtype=np.bool_)
    chosen[list(accounts)] = True
    return _CHANGED[change](access, chosen)
