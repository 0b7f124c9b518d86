"""The cell of a lane that is timed: whatever it publishes as begun is also noted in a stopwatch."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from ..columns.stopwatch import ExecutionTimes, Stopwatch
from .progress import ProgressCell


class TimedCell(ProgressCell):
    """The same cell, timed. Its writer takes some 0.3 µs longer for each transaction."""

    def __init__(self, cell: ProgressCell, times: ExecutionTimes) -> None:
        self._cell = cell._cell
        self.position = self._watch = Stopwatch(times, self._cell)

    def begin_group(self, low: int, high: int, shape: int, positions: NDArray[Any]) -> None:
        self.rest()
        super().begin_group(low, high, shape, positions)
        self._watch.begin_together(positions)


def timed_cell(cell: ProgressCell, times: ExecutionTimes | None) -> ProgressCell:
    """The cell, timed if there are times to fill in."""
    return cell if times is None else TimedCell(cell, times)
