"""Costs: one non-negative integer for each transaction, in whatever unit the caller counts.

The caller decides what a transaction without a known cost counts for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_INT64_MAX = (1 << 63) - 1


def checked_costs(costs: ArrayLike, transactions: int) -> NDArray[np.int64]:
    """The costs as int64[transactions]. Raises ValueError, naming the transaction if one is bad."""
    column = np.asarray(costs)
    if column.shape != (transactions,):
        raise ValueError(f"costs must have {transactions} entries, not shape {column.shape}")
    if transactions == 0:
        return np.empty(0, dtype=np.int64)
    if column.dtype.kind not in "iu":
        raise ValueError(f"costs must be integers of at most 63 bits, not {column.dtype}")
    bad = (column < 0) | (column > _INT64_MAX)
    if bad.any():
        position = int(bad.argmax())
        raise ValueError(
            f"transaction {position}: cost {column[position]} is not within 0 … {_INT64_MAX}"
        )
    return column.astype(np.int64, copy=False)


def checked_priorities(priorities: ArrayLike, transactions: int) -> list[int]:
    """The priorities, any integers, by position. Raises ValueError."""
    column = np.asarray(priorities)
    if column.shape != (transactions,):
        raise ValueError(f"priorities must have {transactions} entries, not shape {column.shape}")
    if transactions and column.dtype.kind not in "iu":
        raise ValueError(f"priorities must be integers of at most 64 bits, not {column.dtype}")
    return column.tolist()


def cumulative_costs(costs: NDArray[np.int64], room: int) -> NDArray[np.int64]:
    """int64[n+1]: the cost of the first k. Raises ValueError if `room` × the sum exceeds int64.

    `room` is the largest factor that the caller multiplies sums by.
    """
    if len(costs) and int(costs.max()) * len(costs) * room > _INT64_MAX:
        # Only now is the exact sum worth Python's integers.
        total = sum(costs.tolist())
        if total * room > _INT64_MAX:
            raise ValueError(f"the costs sum to {total}; scale them down to at most 63 bits")
    cumulative = np.zeros(len(costs) + 1, dtype=np.int64)
    np.cumsum(costs, out=cumulative[1:])
    return cumulative
