"""Which transaction each lane is at, in shared memory: how a dead or hung worker's is known.

One cell for each lane, int64[8], a cache line, of which the first four count:

    [position, _, _, _]          one transaction
    [GROUP, low, high, shape]    those of order[low:high] that have this shape, by column
    [IDLE, _, _, _]              none

Written by the lane before it executes, read by the parent when there is trouble. A torn reading
is harmless: a dead worker writes no more, and a hung one has long stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

CELL_LEN: Final = 8
IDLE: Final = -1
GROUP: Final = -2


def empty_progress(lane_count: int) -> NDArray[np.int64]:
    """int64[lane_count, 8]: all lanes idle."""
    return np.full((lane_count, CELL_LEN), IDLE, dtype=np.int64)


class ProgressCell:
    """The cell of one lane, for its writer. Item assignment is all that it may cost."""

    def __init__(self, progress: NDArray[np.int64], lane: int) -> None:
        # The memoryview itself: `cell.position[0] = position` is what executing begins with.
        self.position = memoryview(progress[lane])

    def begin_group(self, low: int, high: int, shape: int) -> None:
        """The lane executes those of order[low:high] that have this shape."""
        cell = self.position
        cell[1], cell[2], cell[3] = low, high, shape
        cell[0] = GROUP

    def rest(self) -> None:
        """The lane executes nothing."""
        self.position[0] = IDLE


class OrderRange(NamedTuple):
    """The transactions at order[low:high] of a plan."""

    low: int
    high: int


def suspects_of(cell: NDArray[np.int64], order: NDArray[np.uint32]) -> OrderRange | None:
    """What a lane was at, as a part of the plan's order: one transaction, or a part of a wave."""
    position, low, high = cell[:3].tolist()
    if position == GROUP:
        return OrderRange(low, high)
    if position == IDLE:
        return None
    place = int(np.flatnonzero(order == position)[0])
    return OrderRange(place, place + 1)


class Standstill:
    """Tells which lanes have stood still too long.

    Counts only time in which the caller looked: a process that was stopped itself, or a machine
    that slept, blames nobody for it.
    """

    def __init__(self, progress: NDArray[np.int64], limit_s: float) -> None:
        self._progress = progress
        self._limit_s = limit_s
        self._last: dict[int, bytes] = {}
        self._still_s: dict[int, float] = {}

    def look(self, lanes: Iterable[int], elapsed_s: float) -> list[int]:
        """The lanes whose cell has not changed for longer than the limit."""
        for lane in lanes:
            cell = self._progress[lane].tobytes()
            if cell == self._last.get(lane):
                self._still_s[lane] += elapsed_s
            else:
                self._last[lane] = cell
                self._still_s[lane] = 0.0
        return [lane for lane in lanes if self._still_s[lane] > self._limit_s]
