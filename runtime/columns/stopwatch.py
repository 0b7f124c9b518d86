"""Notes when each transaction of a block was executed, where it is executed.

A stopwatch is assigned to as a lane's progress is: `watch[0] = position` when a transaction begins,
a negative number when none does. So nothing that executes transactions knows of it, and a block
that is not timed pays nothing. Times are nanoseconds of CLOCK_MONOTONIC, which all processes of a
machine share.
"""

from __future__ import annotations

from time import monotonic_ns
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .shared_columns import Columns, scalar_view

NOTHING: Final = -1


class ExecutionTimes(NamedTuple):
    """When each transaction was executed, int64[n] by position; transactions that were executed
    together have the same times, and zeros mean never."""

    begun_ns: NDArray[np.int64]
    ended_ns: NDArray[np.int64]

    @classmethod
    def empty(cls, transaction_count: int) -> ExecutionTimes:
        zeros = np.zeros(transaction_count, dtype=np.int64)
        return cls(zeros, zeros.copy())

    @classmethod
    def among(cls, columns: Columns) -> ExecutionTimes | None:
        """The times among these columns, to be filled in; None if a block is not timed."""
        if "begun_ns" not in columns:
            return None
        return cls(columns["begun_ns"], columns["ended_ns"])


class Stopwatch:
    """Fills in times, and passes on what is assigned to `cell`. Of a transaction that begins
    several times, the last time counts."""

    def __init__(self, times: ExecutionTimes, cell: memoryview | list[int]) -> None:
        self._cell = cell
        self._times = times
        self._begun, self._ended = scalar_view(times.begun_ns), scalar_view(times.ended_ns)
        self._running = NOTHING
        self._together: NDArray[Any] | None = None

    def __setitem__(self, index: int, position: int) -> None:
        now = monotonic_ns()
        if self._running >= 0:
            self._ended[self._running] = now
        elif self._together is not None:
            self._times.ended_ns[self._together] = now
            self._together = None
        if position >= 0:
            self._begun[position] = now
        self._running = position
        self._cell[index] = position

    def begin_together(self, positions: NDArray[Any]) -> None:
        """These transactions begin, all at once; call it after nothing else is running."""
        self._together = positions
        self._times.begun_ns[positions] = monotonic_ns()
