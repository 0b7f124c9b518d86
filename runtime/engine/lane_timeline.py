"""The timeline of a block that ran in lanes: the lanes' times, and where they waited."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Plan
from ..columns.stopwatch import ExecutionTimes
from ..svm.measured_timeline import MeasuredTimeline


def timeline_of_lanes(plan: Plan, times: ExecutionTimes) -> MeasuredTimeline:
    """The timeline of a plan that was executed; lane k is worker k + 1."""
    workers = np.zeros(len(plan), dtype=np.int64)
    workers[plan.order] = 1 + np.repeat(np.arange(plan.lane_count), np.diff(plan.lane_offsets))
    return MeasuredTimeline(
        times.begun_ns.copy(), times.ended_ns.copy(), workers, _waits(plan, times)
    )


def _waits(plan: Plan, times: ExecutionTimes) -> NDArray[np.int64]:
    """int64[k, 2]: for each wait of the plan, what ended last before it, and what began first after
    it. Within a barrier wave, a lane executes in an order of its own."""
    order = plan.order.astype(np.int64)
    task_of = np.repeat(np.arange(len(plan.barrier)), np.diff(plan.task_offsets))
    by_end = order[np.lexsort((times.ended_ns[order], task_of))]
    by_begin = order[np.lexsort((times.begun_ns[order], task_of))]
    waiting = np.repeat(np.arange(len(plan.barrier)), np.diff(plan.wait_offsets))
    return np.stack([by_end[plan.wait_ends - 1], by_begin[plan.task_offsets[waiting]]], axis=1)
