"""Runs one lane of a plan task by task, waiting for other lanes where the plan requires it.

Each lane publishes its progress as a number in shared memory. A waiting lane polls that number: it
spins for a moment, then yields its core between polls, then sleeps between them.
"""

from __future__ import annotations

import os
from time import process_time, sleep
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Plan
from ..batch.lane_executor import LaneExecutor
from ..columns.shared_columns import Columns, scalar_view
from ..memory.fence import fence
from ..memory.progress import CELL_LEN, END

_SPINS: Final = 100  # about 5 µs
_YIELDS: Final = 200  # some 100 µs if the core is not contended
_NAP_S: Final = 20e-6
_NAP_MAX_S: Final = 1e-3


def plan_columns(plan: Plan) -> Columns:
    """The parts of a plan that `run_lane` needs, as columns to pack into shared memory."""
    return {
        "order": plan.order,
        "task_offsets": plan.task_offsets,
        "lane_offsets": plan.lane_offsets,
        "barrier": plan.barrier,
        "wait_offsets": plan.wait_offsets,
        "wait_lanes": plan.wait_lanes,
        "wait_ends": plan.wait_ends,
    }


def run_lane(
    executor: LaneExecutor, columns: Columns, progress: NDArray[np.int64], lane: int
) -> float:
    """Run one lane, counted from 1, of the plan in these columns. `progress`: all lanes' cells.

    Returns the processor time, in seconds, that was spent in long waits for other lanes.
    """
    cells = scalar_view(progress.reshape(-1))
    bounds = columns["task_offsets"]
    first, last = bounds.searchsorted(columns["lane_offsets"][lane - 1 : lane + 1]).tolist()
    tasks: list[int] = bounds[first : last + 1].tolist()
    barrier: list[bool] = columns["barrier"][first:last].tolist()
    by_rows = not executor.has_groups(tasks[0], tasks[-1])
    span_ends = [tasks[-1]] * len(barrier) if by_rows else _span_ends(tasks, barrier)
    waits: list[int] = columns["wait_offsets"][first : last + 1].tolist()
    wait_cells = ((columns["wait_lanes"] + 1) * CELL_LEN + END).tolist()
    wait_ends = columns["wait_ends"].tolist()
    waited_s = 0.0
    for task, at_once in enumerate(barrier):
        for wait in range(waits[task], waits[task + 1]):
            waited_s += _wait(cells, wait_cells[wait], wait_ends[wait])
        if at_once and not by_rows:
            executor.run(tasks[task], tasks[task + 1])
        else:
            executor.run_next(tasks[task], tasks[task + 1], span_ends[task])
        fence()  # the task's writes must be visible before the number that publishes them
        cells[lane * CELL_LEN + END] = tasks[task + 1]
    return waited_s


def _span_ends(tasks: list[int], barrier: list[bool]) -> list[int]:
    """For each task: the index of the next task of a barrier wave, or the end of the lane."""
    ends = tasks[1:]
    for task in range(len(barrier) - 2, -1, -1):
        if not barrier[task + 1]:
            ends[task] = ends[task + 1]
    return ends


def _wait(cells: memoryview, cell: int, end: int) -> float:
    """Wait until another lane has reached `end`. Returns the processor time if it took long."""
    waited_s = 0.0
    for _ in range(_SPINS):
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
