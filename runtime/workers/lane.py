"""One lane of a plan, run piece by piece, waiting for other lanes where the plan says so.

Lanes tell each other how far they are by a number in shared memory, each its own. Whoever waits
looks again and again: for a moment at full speed, then leaving the core to others, then asleep.
"""

from __future__ import annotations

import os
from time import process_time, sleep
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Plan
from ..batch.share import ShareRunner
from ..columns.shared_columns import Columns, scalar_view
from ..memory.fence import fence
from ..memory.progress import CELL_LEN, END

_LOOKS: Final = 100  # about 5 µs
_YIELDS: Final = 200  # some 100 µs where nobody else wants the core
_NAP_S: Final = 20e-6
_NAP_MAX_S: Final = 1e-3


def plan_columns(plan: Plan) -> Columns:
    """What `run_lane` needs of a plan, as columns to be laid into shared memory."""
    return {
        "order": plan.order,
        "piece_offsets": plan.piece_offsets,
        "lane_offsets": plan.lane_offsets,
        "wide": plan.wide,
        "wait_offsets": plan.wait_offsets,
        "wait_lanes": plan.wait_lanes,
        "wait_ends": plan.wait_ends,
    }


def run_lane(
    runner: ShareRunner, columns: Columns, progress: NDArray[np.int64], lane: int
) -> float:
    """Run lane 1 … of the plan in these columns; `progress` has the cells of all lanes.

    Returns the processor time, in seconds, that went into long waits for other lanes.
    """
    cells = scalar_view(progress.reshape(-1))
    bounds = columns["piece_offsets"]
    first, last = bounds.searchsorted(columns["lane_offsets"][lane - 1 : lane + 1]).tolist()
    pieces: list[int] = bounds[first : last + 1].tolist()
    wide: list[bool] = columns["wide"][first:last].tolist()
    by_rows = not runner.has_groups(pieces[0], pieces[-1])
    span_ends = [pieces[-1]] * len(wide) if by_rows else _span_ends(pieces, wide)
    waits: list[int] = columns["wait_offsets"][first : last + 1].tolist()
    wait_cells = ((columns["wait_lanes"] + 1) * CELL_LEN + END).tolist()
    wait_ends = columns["wait_ends"].tolist()
    waited_s = 0.0
    for piece, at_once in enumerate(wide):
        for wait in range(waits[piece], waits[piece + 1]):
            waited_s += _wait(cells, wait_cells[wait], wait_ends[wait])
        if at_once and not by_rows:
            runner.run(pieces[piece], pieces[piece + 1])
        else:
            runner.run_next(pieces[piece], pieces[piece + 1], span_ends[piece])
        fence()  # what the piece has written must be there before the number says so
        cells[lane * CELL_LEN + END] = pieces[piece + 1]
    return waited_s


def _span_ends(pieces: list[int], wide: list[bool]) -> list[int]:
    """Where, for each piece, the next wide one begins, or the lane ends."""
    ends = pieces[1:]
    for piece in range(len(wide) - 2, -1, -1):
        if not wide[piece + 1]:
            ends[piece] = ends[piece + 1]
    return ends


def _wait(cells: memoryview, cell: int, end: int) -> float:
    """Return once another lane is so far: the processor time, if that took long."""
    waited_s = 0.0
    for _ in range(_LOOKS):
        if cells[cell] >= end:
            break
    else:
        began = process_time()
        _wait_long(cells, cell, end)
        waited_s = process_time() - began
    fence()
    return waited_s


def _wait_long(cells: memoryview, cell: int, end: int) -> None:
    for _ in range(_YIELDS):
        os.sched_yield()
        if cells[cell] >= end:
            return
    nap_s = _NAP_S
    while cells[cell] < end:
        sleep(nap_s)
        nap_s = min(2 * nap_s, _NAP_MAX_S)
