"""Groups the rows of a sorted column that have equal values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class GroupBy:
    """`rows` int64[n]: the rows, ordered so that each group is contiguous. `starts` int64[g]: where
    each group begins in `rows`.

    `differs` bool[n-1]: for each row in that order except the first, whether it begins a group.
    """

    def __init__(self, rows: NDArray[np.int64], differs: NDArray[np.bool_]) -> None:
        begins = np.ones(len(rows), dtype=np.bool_)
        begins[1:] = differs
        self.rows = rows
        self.starts = begins.nonzero()[0]
        self._group_of = begins.cumsum() - 1

    @property
    def first(self) -> NDArray[np.int64]:
        """int64[g]: the first row of each group, in the order of `rows`."""
        return self.rows[self.starts]

    def broadcast(self, values: NDArray[Any]) -> NDArray[Any]:
        """[n]: for each row, the value of its group. `values` [g]: one for each group."""
        broadcast = np.empty(len(self.rows), dtype=values.dtype)
        broadcast[self.rows] = values[self._group_of]
        return broadcast
