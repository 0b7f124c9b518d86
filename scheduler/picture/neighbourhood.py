"""The neighbourhood of a transaction: whom it waits for, and who waits for it, some steps far."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..dag import Dag


def neighbourhood(dag: Dag, position: int, levels: int) -> NDArray[np.bool_]:
    """bool[n]: those up to `levels` edges before or after this transaction, and itself.

    Raises IndexError for a position out of range, ValueError for negative levels.
    """
    if levels < 0:
        raise ValueError(f"levels is {levels}; it cannot be negative")
    found = np.zeros(len(dag), dtype=np.bool_)
    for neighbours in (dag.predecessors, dag.successors):
        found[_within(neighbours, position, levels)] = True
    return found


def _within(
    neighbours: Callable[[int, set[int]], list[int]], position: int, levels: int
) -> list[int]:
    reached = {position: None}  # a dict keeps the order in which they were reached
    passed: set[int] = set()  # joins, each of which is looked through once
    border = [position]
    neighbours(position, set())  # a position out of range is told at any number of levels
    for _ in range(levels):
        border = [
            near
            for near in dict.fromkeys(near for at in border for near in neighbours(at, passed))
            if near not in reached
        ]
        if not border:
            break
        reached |= dict.fromkeys(border)
    return list(reached)
