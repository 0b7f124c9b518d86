"""When each transaction of a plan ends, if its lanes wait as they are told and for nothing else."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ..plan import Plan

_NOT_YET = -1


def lane_ends(plan: Plan, costs: Sequence[int]) -> list[int]:
    """When each transaction ends, by position. `costs` by position, in any unit.

    Waiting for another lane takes no longer than until that lane is far enough.
    """
    order: list[int] = plan.order.tolist()
    by_place = [costs[position] for position in order]
    finished = [_NOT_YET] * len(order)  # by place in `order`
    lanes = deque(_Lane(plan, lane) for lane in range(plan.lane_count))
    while lanes:  # comes to an end: lanes never wait for each other in a circle
        lane = lanes.popleft()
        if not lane.run_on(by_place, finished):
            lanes.append(lane)
    ends = [0] * len(order)
    for place, position in enumerate(order):
        ends[position] = finished[place]
    return ends


class _Lane:
    """One lane, and how far it has run."""

    def __init__(self, plan: Plan, lane: int) -> None:
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
            self._now = max([self._now, *others])
            for place in range(*self._bounds[self._next : self._next + 2]):
                self._now += costs[place]
                finished[place] = self._now
            self._next += 1
        return True
