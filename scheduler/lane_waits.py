"""Waits between lanes: what each of a lane's transactions waits for on the others.

Waits are int64 rows (begin, lane, end): what begins at order[begin] waits until `lane` is at `end`.
`order` uint32[n] are positions, lane after lane, and lane k's are those from lane_offsets[k] on.

Guarantees: few, where many wait for many: one for each two lanes is enough for a join.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .joins import Joins
from .precedence import Precedence


def lane_waits(
    order: NDArray[np.uint32],
    phase_of: NDArray[np.int64],
    precedence: Precedence,
    lane_offsets: NDArray[np.int64],
) -> NDArray[np.int64]:
    """int64[w, 3]: all waits, sorted by `begin`, without those that others imply.

    A lane waits for all earlier phases (`phase_of` int64[n] in `order`) of the others before it
    begins one; `precedence` is that within phases.
    """
    waits = [_phase_waits(phase_of, lane_offsets)]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    lane_of = np.repeat(np.arange(len(lane_offsets) - 1), np.diff(lane_offsets))
    waits.append(_edge_waits(place, lane_of, precedence.direct))
    if len(precedence.joins):
        waits.append(_join_waits(place, lane_of, precedence.joins))
    return _drop_implied(np.concatenate(waits), lane_offsets)


def _phase_waits(phase_of: NDArray[np.int64], lane_offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every phase of a lane waits for the previous phase of all other lanes.

    Those have waited for everything earlier, since every phase has a transaction.
    """
    lane_of = np.repeat(np.arange(len(lane_offsets) - 1), np.diff(lane_offsets))
    changes = (np.diff(phase_of) != 0) | (np.diff(lane_of) != 0)
    begins = np.flatnonzero(np.concatenate(([True], changes)))[: len(phase_of)]
    ends = np.append(begins[1:], len(phase_of))[: len(begins)]
    by_phase = np.argsort(phase_of[begins], kind="stable")
    begins, ends, lane_of = begins[by_phase], ends[by_phase], lane_of[begins[by_phase]]
    phases = phase_of[begins]
    waiting = np.flatnonzero(phases > 0)
    pairs, other = _with_each(phases[waiting] - 1, phases)
    pairs = waiting[pairs]
    waits = np.stack([begins[pairs], lane_of[other], ends[other]], axis=1)
    return waits[lane_of[pairs] != lane_of[other]]


def _edge_waits(
    place: NDArray[np.int64], lane_of: NDArray[np.int64], edges: NDArray[np.uint32]
) -> NDArray[np.int64]:
    """The waits for single transactions of other lanes."""
    earlier, later = place[edges[:, 0]], place[edges[:, 1]]
    crossing = lane_of[earlier] != lane_of[later]
    earlier, later = earlier[crossing], later[crossing]
    return np.stack([later, lane_of[earlier], earlier + 1], axis=1)


def _join_waits(
    place: NDArray[np.int64], lane_of: NDArray[np.int64], joins: Joins
) -> NDArray[np.int64]:
    """The waits through joins: at most one for each two lanes.

    On each lane, the first transaction that waits for a join waits, on each other lane, for the
    last one that the join waits for. So it waits for all of them, and so do all that follow on its
    lane.
    """
    last = _of_lane(joins.earlier_joins, place[joins.earlier], lane_of, take=-1)
    first = _of_lane(joins.later_joins, place[joins.later], lane_of, take=0)
    pairs, other = _with_each(first.joins, last.joins)
    begins, lanes, ends = first.places[pairs], first.lanes[pairs], last.places[other] + 1
    waits = np.stack([begins, last.lanes[other], ends], axis=1)
    return waits[lanes != last.lanes[other]]


class _Ends(NamedTuple):
    """A place for each lane that a join has transactions on; by join, then by lane."""

    joins: NDArray[np.int64]
    lanes: NDArray[np.int64]
    places: NDArray[np.int64]


def _of_lane(
    joins: NDArray[np.int64], places: NDArray[np.int64], lane_of: NDArray[np.int64], *, take: int
) -> _Ends:
    """Of each join, the first (take=0) or last (take=-1) place on each lane."""
    lanes = lane_of[places]
    by_lane = np.lexsort((places, lanes, joins))
    joins, lanes, places = joins[by_lane], lanes[by_lane], places[by_lane]
    begins = np.concatenate(([True], (np.diff(joins) != 0) | (np.diff(lanes) != 0), [True]))
    chosen = np.flatnonzero(begins[:-1] if take == 0 else begins[1:])
    return _Ends(joins[chosen], lanes[chosen], places[chosen])


def _with_each(
    wanted: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each row of `wanted` with each row of `groups`, which ascends, that is equal: two columns."""
    counts = np.bincount(groups, minlength=int(wanted.max(initial=-1)) + 1)
    firsts = np.cumsum(counts) - counts
    of_each = counts[wanted]
    rows = np.repeat(np.arange(len(wanted)), of_each)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(of_each) - of_each, of_each)
    return rows, np.repeat(firsts[wanted], of_each) + nth


def _drop_implied(waits: NDArray[np.int64], lane_offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Drop waits already implied by an earlier wait of the same lane for the same lane.

    Returns the others, sorted by `begin`.
    """
    lane_count = len(lane_offsets) - 1
    begins, lanes, ends = waits[:, 0], waits[:, 1], waits[:, 2]
    waiting = np.searchsorted(lane_offsets, begins, side="right") - 1
    pair = waiting * lane_count + lanes
    by_pair = np.lexsort((-ends, begins, pair))
    # Higher pairs begin above all that lower ones reach, so one running maximum serves all.
    reach = ends[by_pair] + pair[by_pair] * (lane_offsets[-1] + 1)
    floor = pair[by_pair] * (lane_offsets[-1] + 1) + lane_offsets[lanes[by_pair]]
    before = np.concatenate(([-1], np.maximum.accumulate(reach)[:-1]))[: len(reach)]
    kept = by_pair[reach > np.maximum(before, floor)]
    return waits[kept[np.argsort(begins[kept], kind="stable")]]
