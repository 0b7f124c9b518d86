"""Rows of a column that belong together, side by side once they are sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class GroupBy:
    """`rows` int64[n]: the rows in an order that has each group side by side. `starts` int64[g]:
    where each group begins in there.

    `differs` bool[n-1]: whether each row in that order, but for the first, begins a group.
    """

    def __init__(self, rows: NDArray[np.int64], differs: NDArray[np.bool_]) -> None:
        begins = np.ones(len(rows), dtype=np.bool_)
        begins[1:] = differs
        self.rows = rows
        self.starts = begins.nonzero()[0]
        self._group_of = begins.cumsum() - 1

    @property
    def first(self) -> NDArray[np.int64]:
        """int64[g]: the first row of each group, in that order."""
        return self.rows[self.starts]

    def broadcast(self, values: NDArray[Any]) -> NDArray[Any]:
        """For each row the value of its group, of which there is one for each."""
        broadcast = np.empty(len(self.rows), dtype=values.dtype)
        broadcast[self.rows] = values[self._group_of]
        return broadcast
