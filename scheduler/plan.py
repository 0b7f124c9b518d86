"""The plan: what each lane runs, in which order, and for whom it waits. There is no barrier.

A lane is one process. Each works off its own *pieces*, one after the other, and says how far it
is; before some pieces it waits until other lanes are far enough. Pieces end where somebody waits
and where somebody is waited for, so that nobody waits longer than the edges demand.

    lane 0   [a b] [c]───────────▶[f g]
    lane 1   [d]─────▶[e] [h i]              c waits for nobody, e for b, f for h …

Wide waves are the exception: a wave of many is one piece a lane, waited for as a whole by what
comes after, since executing like transactions together is worth more than a little waiting.

Guarantees: lanes that wait as told respect every edge, and never wait for each other in a circle;
two pieces that may run at once never conflict; the same input always gives the same plan. It is
known before anything runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .costs import checked_costs, running_costs
from .dag import Dag
from .lanes import cut_waves, schedule_spans
from .waves import Waves


@dataclass(frozen=True, eq=False)
class Plan:
    """Lanes, pieces and waits, as columns.

    `order` uint32[n]: positions, lane after lane. `lane_offsets` int64[l+1]: lane k runs
    order[lane_offsets[k]:lane_offsets[k+1]], from first to last.
    `piece_offsets` int64[p+1]: piece i is order[piece_offsets[i]:piece_offsets[i+1]], of one lane.
    `wide` bool[p]: a part of one wave; no two transactions of the piece conflict.
    `wait_offsets` int64[p+1]: piece i has waits wait_offsets[i]:wait_offsets[i+1]. For each,
    lane `wait_lanes` int64[w] must have run all of its own before order[`wait_ends` int64[w]].
    """

    order: NDArray[np.uint32]
    lane_offsets: NDArray[np.int64]
    piece_offsets: NDArray[np.int64]
    wide: NDArray[np.bool_]
    wait_offsets: NDArray[np.int64]
    wait_lanes: NDArray[np.int64]
    wait_ends: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.order)

    @property
    def lane_count(self) -> int:
        return len(self.lane_offsets) - 1

    @classmethod
    def in_order(cls, order: NDArray[np.uint32]) -> Self:
        """A single lane that takes these positions one by one."""
        nothing = np.zeros(0, dtype=np.int64)
        whole = np.unique([0, len(order)])
        pieces = len(whole) - 1
        ends = np.array([0, len(order)])
        wide = np.zeros(pieces, dtype=np.bool_)
        return cls(order, ends, whole, wide, np.zeros(len(whole), np.int64), nothing, nothing)


def make_plan(dag: Dag, costs: ArrayLike, lane_count: int, wide_from: int) -> Plan:
    """The plan of a block. Waves of `wide_from` transactions are wide.

    `costs` int64[n] by position, in any unit in which waiting for another lane costs about 1.
    Raises ValueError for bad costs, and for less than one lane.
    """
    if lane_count < 1:
        raise ValueError(f"lane_count={lane_count}: a plan has one lane at least")
    column = checked_costs(costs, len(dag))
    # More lanes than transactions stay empty.
    busy_max = min(lane_count, max(1, len(dag)))
    running = running_costs(column[dag.waves.order], busy_max)
    steps = _Steps(dag.waves, wide_from)
    lanes = np.zeros(len(dag), dtype=np.int64)
    edges = dag.edges[:0]
    if busy_max > 1:
        edges = steps.edges_of_spans(dag)
        lanes = cut_waves(running, dag.waves.offsets, busy_max)
        in_spans = schedule_spans(steps.spans(), edges, column, busy_max)
        lanes = np.where(steps.wide, lanes, in_spans[dag.waves.order])
    return _lay_out(dag.waves.order, lanes, steps.step_of, steps.wide, edges, lane_count)


def plan_apart(waves: Waves, apart: NDArray[np.bool_], lane_count: int, wide_from: int) -> Plan:
    """A plan in which nothing runs at the same time as anything else.

    Transactions `apart` (bool[n] by position) run on the last lane, one by one; all others on the
    first, wave after wave.
    """
    steps = _Steps(waves, wide_from)
    aside = apart[waves.order]
    changes = (np.diff(steps.step_of) != 0) | (np.diff(aside) != 0)
    step_of = np.zeros(len(aside), dtype=np.int64)
    np.cumsum(changes, out=step_of[1:])
    lanes = np.where(aside, lane_count - 1, 0)
    no_edges = np.zeros((0, 2), dtype=np.uint32)
    return _lay_out(waves.order, lanes, step_of, steps.wide & ~aside, no_edges, lane_count)


class _Steps:
    """Wide waves and spans of narrow ones, numbered in their order.

    `step_of` int64[n] and `wide` bool[n] in the order of the waves.
    """

    def __init__(self, waves: Waves, wide_from: int) -> None:
        counts = np.diff(waves.offsets)
        wide = counts >= max(1, wide_from)
        begins = wide.copy()
        begins[1:] |= wide[:-1]
        begins[:1] = False
        number = np.cumsum(begins, dtype=np.int64)
        self._waves = waves
        self._number = number
        self._wide = wide
        self.step_of = np.repeat(number, counts)
        self.wide = np.repeat(wide, counts)

    def spans(self) -> list[NDArray[np.uint32]]:
        """The positions of each span."""
        narrow = np.flatnonzero(~self._wide)
        firsts = narrow[np.flatnonzero(np.diff(self._number[narrow], prepend=-1))]
        ends = np.searchsorted(self._number, self._number[firsts], side="right")
        bounds = self._waves.offsets
        return [
            self._waves.order[bounds[first] : bounds[end]]
            for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
        ]

    def edges_of_spans(self, dag: Dag) -> NDArray[np.uint32]:
        """The edges whose ends lie in the same span."""
        if self._wide.all():
            return dag.edges[:0]
        span_of_wave = np.where(self._wide, -1 - np.arange(len(self._wide)), self._number)
        span_of = span_of_wave[dag.waves.wave_of]
        earlier, later = dag.edges[:, 0], dag.edges[:, 1]
        return dag.edges[span_of[earlier] == span_of[later]]


def _lay_out(
    order: NDArray[np.uint32],
    lanes: NDArray[np.int64],
    step_of: NDArray[np.int64],
    wide: NDArray[np.bool_],
    edges: NDArray[np.uint32],
    lane_count: int,
) -> Plan:
    """The plan, once each transaction's lane is known; `lanes`, `step_of`, `wide` go with `order`.

    A lane waits for all earlier steps of the others before it begins one; `edges` say what else.
    """
    # Sorting by 16 bits takes numpy a fraction of the time.
    by_lane = np.argsort(lanes.astype(np.min_scalar_type(lane_count)), kind="stable")
    order, step_of, wide = order[by_lane], step_of[by_lane], wide[by_lane]
    lane_offsets = np.concatenate(([0], np.cumsum(np.bincount(lanes, minlength=lane_count))))
    of_steps = _step_waits(step_of, lane_offsets)
    of_edges = _edge_waits(order, edges, lane_offsets)
    waits = _needed(np.concatenate((of_steps, of_edges)), lane_offsets)
    begins, ends = waits[:, 0], waits[:, 2]
    steps = np.flatnonzero(np.diff(step_of)) + 1
    cuts = np.unique(np.concatenate((lane_offsets, steps, begins, ends)))
    return Plan(
        order=order,
        lane_offsets=lane_offsets,
        piece_offsets=cuts,
        wide=wide[cuts[:-1]],
        wait_offsets=np.searchsorted(begins, cuts),
        wait_lanes=waits[:, 1],
        wait_ends=ends,
    )


# Waits are rows (begin, lane, end): what begins at order[begin] waits until `lane` is at `end`.


def _step_waits(step_of: NDArray[np.int64], lane_offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every step of a lane waits for the step before it of all other lanes.

    These have waited for all that came earlier: there is no step without a transaction.
    """
    lane_of = np.repeat(np.arange(len(lane_offsets) - 1), np.diff(lane_offsets))
    changes = (np.diff(step_of) != 0) | (np.diff(lane_of) != 0)
    begins = np.flatnonzero(np.concatenate(([True], changes)))[: len(step_of)]
    ends = np.append(begins[1:], len(step_of))[: len(begins)]
    by_step = np.argsort(step_of[begins], kind="stable")
    begins, ends, lane_of = begins[by_step], ends[by_step], lane_of[begins[by_step]]
    # Of each step, how many lanes have a part in it, and where the first one stands.
    counts = np.bincount(step_of[begins])
    firsts = np.cumsum(counts) - counts
    waiting = np.flatnonzero(step_of[begins] > 0)
    earlier = step_of[begins[waiting]] - 1
    pairs = np.repeat(waiting, counts[earlier])
    nth = np.arange(len(pairs)) - np.repeat(
        np.cumsum(counts[earlier]) - counts[earlier], counts[earlier]
    )
    other = np.repeat(firsts[earlier], counts[earlier]) + nth
    waits = np.stack([begins[pairs], lane_of[other], ends[other]], axis=1)
    return waits[lane_of[pairs] != lane_of[other]]


def _edge_waits(
    order: NDArray[np.uint32], edges: NDArray[np.uint32], lane_offsets: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Who waits for one transaction of another lane."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    earlier, later = place[edges[:, 0]], place[edges[:, 1]]
    lane_of = np.repeat(np.arange(len(lane_offsets) - 1), np.diff(lane_offsets))
    crossing = lane_of[earlier] != lane_of[later]
    earlier, later = earlier[crossing], later[crossing]
    return np.stack([later, lane_of[earlier], earlier + 1], axis=1)


def _needed(waits: NDArray[np.int64], lane_offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those waits that no earlier one of the same lane for the same lane implies, by `begin`."""
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
