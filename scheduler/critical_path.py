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
    return heaviest_path(dag.edges, checked_costs(costs, len(dag)))


def heaviest_path(edges: NDArray[np.uint32], costs: NDArray[np.int64]) -> CriticalPath:
    """As `critical_path`, of edges uint32[k, 2] as a DAG has them, and costs that are checked."""
    own: list[int] = costs.tolist()
    if not own:
        return CriticalPath((), 0)
    heaviest = own.copy()
    previous = [-1] * len(own)
    # Sorted by the earlier end: its sum is final here, and the lowest of equals comes first.
    for earlier, later in edge_pairs(edges):
        cost = heaviest[earlier] + own[later]
        if previous[later] < 0 or cost > heaviest[later]:
            heaviest[later] = cost
            previous[later] = earlier
    cost = max(heaviest)
    path = [heaviest.index(cost)]
    while previous[path[-1]] >= 0:
        path.append(previous[path[-1]])
    return CriticalPath(tuple(reversed(path)), cost)


def parallelism(total_cost: int, critical_cost: int) -> float:
    """The speed-up that no number of workers exceeds: total cost / cost of the critical path.

    1.0 when there is nothing to do.
    """
    return total_cost / critical_cost if critical_cost else 1.0
