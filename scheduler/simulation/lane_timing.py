"""When each transaction of a plan runs, if its lanes wait as they are told and for nothing else."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ..plan import Plan
from .timeline import Run, Timeline

# What waiting for another lane takes the runtime, beyond the other's end: from its last write until
# the waiting lane has seen that. Measured on two cores of a Xeon as the least of 300 rounds of 400
# tasks without content, on two lanes in turn (0.82 and 0.99 µs a task, in two runs) and on one
# (0.36 and 0.40): other load only adds to it. A lane that waits for longer than some 100 µs sleeps
# in between, and then notices later, by up to a millisecond: see runtime/workers/lane.py. `sealane
# bench -s lane-crossing` measures the same with transfers.
CROSSING_NS: Final = 500
_NOT_YET: Final = -1


def time_lanes(plan: Plan, costs: Sequence[int], crossing_cost: int = 0) -> Timeline:
    """When each transaction of a plan runs; a lane is a worker. `costs` by position, in any unit.

    A lane that waits for another goes on `crossing_cost` after that one is far enough.
    """
    order: list[int] = plan.order.tolist()
    by_place = [costs[position] for position in order]
    finished = [_NOT_YET] * len(order)  # by place in `order`
    lanes = deque(_Lane(plan, lane, crossing_cost) for lane in range(plan.lane_count))
    while lanes:  # comes to an end: lanes never wait for each other in a circle
        lane = lanes.popleft()
        if not lane.run_on(by_place, finished):
            lanes.append(lane)
    timeline = Timeline.unstarted(len(order))
    bounds: list[int] = plan.lane_offsets.tolist()
    for lane, (first, stop) in enumerate(pairwise(bounds)):
        for place in range(first, stop):
            end, position = finished[place], order[place]
            timeline.put(Run(position, lane, end - costs[position], end))
    return timeline


class _Lane:
    """One lane, and how far it has run."""

    def __init__(self, plan: Plan, lane: int, crossing_cost: int) -> None:
        self._crossing_cost = crossing_cost
        bounds = plan.task_offsets
        first, last = bounds.searchsorted(plan.lane_offsets[lane : lane + 2]).tolist()
        self._bounds: list[int] = bounds[first : last + 1].tolist()
        waits = plan.wait_offsets[first : last + 1]
        start = int(waits[0]) if len(waits) else 0
        self._wait_bounds: list[int] = (waits - start).tolist()
        stop = int(waits[-1]) if len(waits) else 0
        self._wait_ends: list[int] = plan.wait_ends[start:stop].tolist()
        self._next = 0
        self._now = 0

    def run_on(self, costs: list[int], finished: list[int]) -> bool:
        """Run until something that is waited for has not finished; whether that was to the end."""
        while self._next < len(self._bounds) - 1:
            waits = slice(*self._wait_bounds[self._next : self._next + 2])
            others = [finished[end - 1] for end in self._wait_ends[waits]]
            if _NOT_YET in others:
                return False
            self._now = max([self._now, *(end + self._crossing_cost for end in others)])
            for place in range(*self._bounds[self._next : self._next + 2]):
                self._now += costs[place]
                finished[place] = self._now
            self._next += 1
        return True
