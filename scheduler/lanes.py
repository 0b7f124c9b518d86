"""Lanes: which of several processes runs each transaction of a block, and in which order.

Waves of many transactions are *barrier waves*: each is cut into shares of near-equal cost, one per
lane. Between them lie *spans* of narrow waves. In a span each transaction goes to the lane on which
it can start first: that of the predecessor that finishes last, or the one that is free first (list
scheduling). Within a lane, transactions run in wave order.

Guarantees: the same input always gives the same lanes. Does not: say who waits for whom; plan.py
does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .joins import Joins
from .precedence import Precedence

# What it costs to wait for another lane, in the unit of costs: a fraction of one transaction.
CROSSING_COST: Final = 1


def cut_waves(
    cumulative: NDArray[np.int64], waves: NDArray[np.int64], lane_count: int
) -> NDArray[np.int64]:
    """The lane of each transaction, if every wave is cut into shares of near-equal cost.

    `cumulative` int64[n+1] sums the costs in the order of the waves, `waves` int64[w+1] are their
    offsets. Returns int64[n], ascending within each wave. Cut k of c lies where the cumulative cost
    is nearest to k/c of the wave's total, so a share costs at most 1/c of that total (rounded up)
    plus the largest single cost.
    """
    cuts = _cuts(cumulative, waves, lane_count)
    marks = np.zeros(len(cumulative), dtype=np.int64)
    np.add.at(marks, cuts, 1)
    passed = np.cumsum(marks)[:-1]
    counts = np.diff(waves)
    before = np.repeat(np.concatenate(([0], np.cumsum(marks)))[waves[:-1]], counts)
    return passed - before


def _cuts(
    cumulative: NDArray[np.int64], waves: NDArray[np.int64], lane_count: int
) -> NDArray[np.int64]:
    """Where to cut each wave; two cuts at the same place leave a lane without a share."""
    start, stop = (bounds[:, None] for bounds in (waves[:-1], waves[1:]))
    k = np.arange(1, lane_count)
    target = cumulative[start] + (cumulative[stop] - cumulative[start]) * k // lane_count
    above = np.clip(np.searchsorted(cumulative, target), start + 1, stop)
    below_is_nearer = target - cumulative[above - 1] <= cumulative[above] - target
    cuts = np.where(below_is_nearer, above - 1, above)
    return cuts[cuts < stop].ravel()


def schedule_spans(
    spans: Iterable[NDArray[np.uint32]],
    order: Precedence,
    costs: NDArray[np.int64],
    lane_count: int,
) -> NDArray[np.int64]:
    """The lane of each transaction of the spans, by position; 0 for all others. int64[n].

    `spans`: the positions in each span, wave by wave. `order` is that among transactions of one
    span; `costs` int64[n] by position.
    """
    lane_of = [0] * len(costs)
    finish = [0] * len(costs)
    weights: list[int] = costs.tolist()
    sources, offsets = _predecessors(order.direct, len(costs))
    joined = _Joined(order.joins, finish, lane_of)
    for span in spans:
        ready = [0] * lane_count
        for position in span.tolist():
            waits = sources[offsets[position] : offsets[position + 1]]
            if position in joined.waiting:
                waits = sorted([*waits, *joined.last_before(position)])
            lane = free = ready.index(min(ready))
            start = _start(free, ready[free], waits, finish, lane_of)
            if waits:
                home = lane_of[max(waits, key=finish.__getitem__)]
                at_home = _start(home, ready[home], waits, finish, lane_of)
                if at_home <= start:
                    lane, start = home, at_home
            lane_of[position] = lane
            ready[lane] = finish[position] = start + weights[position]
    return np.array(lane_of, dtype=np.int64)


def _start(lane: int, ready: int, waits: list[int], finish: list[int], lane_of: list[int]) -> int:
    """When a transaction that waits for these can begin on a lane that is free at `ready`."""
    start = ready
    for position in waits:
        end = finish[position] if lane_of[position] == lane else finish[position] + CROSSING_COST
        if end > start:
            start = end
    return start


class _Joined:
    """What transactions wait for through joins. `finish` and `lane_of`: as far as they are known.

    Of all that a join waits for, two decide when its later ones can begin on any lane: the one that
    finishes last, and the one that does so on another lane.
    """

    def __init__(self, joins: Joins, finish: list[int], lane_of: list[int]) -> None:
        self.waiting = joins.before
        self._joins = joins
        self._finish = finish
        self._lane_of = lane_of
        self._last: dict[int, list[int]] = {}  # by join

    def last_before(self, position: int) -> list[int]:
        """One or two for each join that this one waits for. All their lanes must be known."""
        last: list[int] = []
        for join in self.waiting[position]:
            if join not in self._last:
                self._last[join] = self._last_of(self._joins.earlier_of(join).tolist())
            last += self._last[join]
        return last

    def _last_of(self, earlier: list[int]) -> list[int]:
        first = max(earlier, key=self._finish.__getitem__)
        lane = self._lane_of[first]
        others = (position for position in earlier if self._lane_of[position] != lane)
        second = max(others, key=self._finish.__getitem__, default=first)
        return [first] if second == first else [first, second]


def _predecessors(edges: NDArray[np.uint32], count: int) -> tuple[list[int], list[int]]:
    """Those that each transaction waits for: sources[offsets[i]:offsets[i+1]]."""
    later = edges[:, 1]
    sources: list[int] = edges[np.argsort(later, kind="stable"), 0].tolist()
    offsets = np.concatenate(([0], np.cumsum(np.bincount(later, minlength=count))))
    return sources, offsets.tolist()
