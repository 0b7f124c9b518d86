"""Each lane's progress in shared memory: for lanes that wait for it, and for when it dies.

One cell for each lane, int64[8], which is a cache line. The first five are used:

    [position, _, _, _, end]          one transaction
    [GROUP, low, high, shape, end]    those of order[low:high] that have this shape, vectorized
    [IDLE, _, _, _, end]              none

`end`: all transactions of the lane before order[end] are done. The lane writes its cell; waiting
lanes read it, and so does the parent after a failure. A torn read of the other items is harmless:
by then, a dead worker no longer writes, and a hung one has long stopped writing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

CELL_LEN: Final = 8
LANES_MAX: Final = 258  # the parent, the most workers that are allowed, and one for suspects
PROGRESS_LEN: Final = LANES_MAX * CELL_LEN * 8  # bytes
END: Final = 4
IDLE: Final = -1
GROUP: Final = -2


def empty_progress(lane_count: int) -> NDArray[np.int64]:
    """int64[lane_count, 8]: all lanes idle, nothing done."""
    return np.full((lane_count, CELL_LEN), IDLE, dtype=np.int64)


def progress_at(memory: Any) -> NDArray[np.int64]:
    """int64[LANES_MAX, 8]: the cells at the beginning of the shared memory."""
    return np.ndarray((LANES_MAX, CELL_LEN), np.int64, memory)


class _Items(Protocol):
    def __setitem__(self, index: int, value: int, /) -> None: ...


class ProgressCell:
    """The cell of one lane, for its writer. As cheap as item assignment."""

    position: _Items

    def __init__(self, progress: NDArray[np.int64], lane: int) -> None:
        # The memoryview itself: executing a transaction begins with `cell.position[0] = position`.
        self.position = self._cell = memoryview(progress[lane])

    def begin_group(self, low: int, high: int, shape: int, positions: NDArray[Any]) -> None:
        """Publish that the lane executes `positions`: of order[low:high], and of this shape."""
        del positions  # for cells that time them
        cell = self._cell
        cell[1], cell[2], cell[3] = low, high, shape
        cell[0] = GROUP

    def rest(self) -> None:
        """Publish that the lane executes nothing."""
        self.position[0] = IDLE


def suspects_of(cell: NDArray[np.int64], order: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The positions that a lane is executing: one, those of a group, or none."""
    position, low, high = cell[:3].tolist()
    if position == GROUP:
        return order[low:high]
    return np.array([] if position == IDLE else [position], dtype=np.uint32)


class StallDetector:
    """Finds lanes that have made no progress for too long.

    A lane that waits for others is idle, which is fine as long as another lane is executing. The
    caller passes the time that it observed, so that time in which the caller itself was stopped, or
    the machine was suspended, does not count.
    """

    def __init__(self, progress: NDArray[np.int64], limit_s: float) -> None:
        self._progress = progress
        self._limit_s = limit_s
        self._last: dict[int, bytes] = {}
        self._still_s: dict[int, float] = {}

    def stalled(self, lanes: Iterable[int], elapsed_s: float) -> list[int]:
        """The lanes whose cell has not changed for longer than the limit. `elapsed_s`: since the
        last call."""
        cells = {lane: self._progress[lane].tobytes() for lane in lanes}
        idle = {lane for lane in cells if int(self._progress[lane, 0]) == IDLE}
        for lane, cell in cells.items():
            if cell == self._last.get(lane) and (lane not in idle or len(idle) == len(cells)):
                self._still_s[lane] += elapsed_s
            else:
                self._last[lane] = cell
                self._still_s[lane] = 0.0
        return [lane for lane in cells if self._still_s[lane] > self._limit_s]
