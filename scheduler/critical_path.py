"""The critical path: the heaviest chain of transactions that must run one after another.

However many workers there are, a block takes at least as long as this path.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .costs import checked_costs
from .dag import Dag
from .edges import edge_pairs
from .precedence import JOIN, Precedence


class CriticalPath(NamedTuple):
    """Positions in ascending order, and the exact sum of their costs."""

    transactions: tuple[int, ...]
    cost: int

    def __repr__(self) -> str:
        path = self.transactions
        ends = " → ".join(map(str, dict.fromkeys((*path[:1], *path[-1:]))))
        noun = "transaction" if len(path) == 1 else "transactions"
        about = f"{len(path):,} {noun}{': ' if ends else ''}{ends}"
        return f"<CriticalPath of {about}, cost {self.cost:,}>"


def critical_path(dag: Dag, costs: ArrayLike) -> CriticalPath:
    """The heaviest path by cost; O(transactions + edges); empty for an empty block.

    `costs` int64[n], none negative (else ValueError); sums are exact at any size. Of equally
    heavy paths, the one that ends at the lowest position, and so on backwards from there.
    """
    return heaviest_path(dag.order, checked_costs(costs, len(dag)))


def heaviest_path(order: Precedence, costs: NDArray[np.int64]) -> CriticalPath:
    """As `critical_path`, of what precedes what, and of costs that are checked."""
    own = order.by_node(costs.tolist())
    if not own:
        return CriticalPath((), 0)
    heaviest = own.copy()
    if len(order.joins):
        previous = _previous_through_joins(order, own, heaviest)
    else:
        previous = _previous(order, own, heaviest)
    cost = max(heaviest)
    # Not a join: the costliest of those that it waits for is as heavy, and comes before it.
    path = [heaviest.index(cost)]
    while previous[path[-1]] >= 0:
        path.append(previous[path[-1]])
    if len(order.joins):
        path = [at for at in order.position_of[path].tolist() if at != JOIN]
    return CriticalPath(tuple(reversed(path)), cost)


def _previous(order: Precedence, own: list[int], heaviest: list[int]) -> list[int]:
    """By node: the one before it on the heaviest path, or -1. Adds up `heaviest` on the way."""
    previous = [-1] * len(own)
    # Sorted by the earlier end: its sum is final here, and the lowest of equals comes first.
    for earlier, later in edge_pairs(order.edges):
        cost = heaviest[earlier] + own[later]
        if previous[later] < 0 or cost > heaviest[later]:
            heaviest[later] = cost
            previous[later] = earlier
    return previous


def _previous_through_joins(order: Precedence, own: list[int], heaviest: list[int]) -> list[int]:
    """As `_previous`. A join counts as the transaction before it, for ties to go to the lowest."""
    previous = [-1] * len(own)
    counts_as = list(range(len(own)))
    is_join: list[bool] = (order.position_of == JOIN).tolist()
    for earlier, later in edge_pairs(order.edges):
        cost = heaviest[earlier] + own[later]
        best = previous[later]
        is_tie = cost == heaviest[later] and best >= 0
        if best < 0 or cost > heaviest[later] or (is_tie and counts_as[earlier] < counts_as[best]):
            heaviest[later] = cost
            previous[later] = earlier
            if is_join[later]:
                counts_as[later] = earlier
    return previous


def parallelism(total_cost: int, critical_cost: int) -> float:
    """The speed-up that no number of workers exceeds: total cost / cost of the critical path.

    1.0 when there is nothing to do.
    """
    return total_cost / critical_cost if critical_cost else 1.0
