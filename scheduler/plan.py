"""The plan: what each lane runs, in which order, and which other lanes it waits for.

A lane is one process. It runs its *tasks* in order and publishes its progress; before some tasks it
waits until other lanes have progressed far enough. A task is a run of consecutive transactions of
one lane. It ends where this lane waits, or where another waits for it, so no lane waits longer than
the edges demand.

    lane 0   [a b] [c]───────────▶[f g]
    lane 1   [d]─────▶[e] [h i]              c waits for nobody, e for b, f for h …

There is no barrier between waves, except around *barrier waves*: a wave of many transactions is one
task per lane, and everything after it waits for all of it. Executing similar transactions together
is worth more than the waiting costs.

Guarantees: lanes that wait as the plan says respect every edge and cannot deadlock; two tasks that
may run at the same time never conflict; the same input always gives the same plan. The whole plan
is known before anything runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .costs import checked_costs, cumulative_costs
from .counts import checked_count
from .dag import Dag
from .lane_waits import lane_waits
from .lanes import cut_waves, schedule_spans
from .precedence import Precedence
from .waves import Waves


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Lanes, tasks and waits, as columns.

    `order` uint32[n]: positions, lane after lane. `lane_offsets` int64[l+1]: lane k runs
    order[lane_offsets[k]:lane_offsets[k+1]], from first to last.
    `task_offsets` int64[p+1]: task i is order[task_offsets[i]:task_offsets[i+1]], of one lane.
    `barrier` bool[p]: the task is part of a barrier wave; no two of its transactions conflict.
    `wait_offsets` int64[p+1]: task i has waits wait_offsets[i]:wait_offsets[i+1]. For each,
    lane `wait_lanes` int64[w] must have run all of its own before order[`wait_ends` int64[w]].
    """

    order: NDArray[np.uint32]
    lane_offsets: NDArray[np.int64]
    task_offsets: NDArray[np.int64]
    barrier: NDArray[np.bool_]
    wait_offsets: NDArray[np.int64]
    wait_lanes: NDArray[np.int64]
    wait_ends: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.order)

    def __repr__(self) -> str:
        tasks, waits = len(self.barrier), len(self.wait_lanes)
        return (
            f"<Plan of {len(self):,} transactions, {self.lane_count:,} lanes, {tasks:,} tasks, "
            f"{waits:,} waits>"
        )

    @property
    def lane_count(self) -> int:
        return len(self.lane_offsets) - 1

    @classmethod
    def in_order(cls, order: NDArray[np.uint32]) -> Self:
        """A single lane that runs these positions in order."""
        nothing = np.zeros(0, dtype=np.int64)
        whole = np.unique([0, len(order)])
        tasks = len(whole) - 1
        ends = np.array([0, len(order)])
        barrier = np.zeros(tasks, dtype=np.bool_)
        return cls(order, ends, whole, barrier, np.zeros(len(whole), np.int64), nothing, nothing)


def make_plan(dag: Dag, costs: ArrayLike, lane_count: int, barrier_len_min: int) -> Plan:
    """The plan of a block. A wave of at least `barrier_len_min` transactions is a barrier wave.

    `costs` int64[n] by position, in any unit in which waiting for another lane costs about 1.
    Raises ValueError for bad costs and for less than one lane, TypeError for no integer.
    """
    lane_count = checked_count(lane_count, "lane_count", "a plan has at least one lane")
    column = checked_costs(costs, len(dag))
    # More lanes than transactions stay empty.
    busy_max = min(lane_count, max(1, len(dag)))
    cumulative = cumulative_costs(column[dag.waves.order], busy_max)
    phases = _Phases(dag.waves, barrier_len_min)
    lanes = np.zeros(len(dag), dtype=np.int64)
    order = Precedence(len(dag), dag.edges[:0])
    if busy_max > 1:
        order = phases.order_in_spans(dag)
        lanes = cut_waves(cumulative, dag.waves.offsets, busy_max)
        in_spans = schedule_spans(phases.spans(), order, column, busy_max)
        lanes = np.where(phases.barrier, lanes, in_spans[dag.waves.order])
    return _lay_out(dag.waves.order, lanes, phases.phase_of, phases.barrier, order, lane_count)


def plan_without_barriers(dag: Dag, costs: ArrayLike, lane_count: int) -> Plan:
    """The plan whose lanes wait only for each other, as predictions time it. See `make_plan`."""
    return make_plan(dag, costs, lane_count, len(dag) + 1)


def plan_isolated(
    waves: Waves, isolated: NDArray[np.bool_], lane_count: int, barrier_len_min: int
) -> Plan:
    """A plan in which nothing runs at the same time as anything else.

    Transactions that are `isolated` (bool[n] by position) run on the last lane, one at a time; all
    others run on the first, wave by wave.
    """
    phases = _Phases(waves, barrier_len_min)
    aside = isolated[waves.order]
    changes = (np.diff(phases.phase_of) != 0) | (np.diff(aside) != 0)
    phase_of = np.zeros(len(aside), dtype=np.int64)
    np.cumsum(changes, out=phase_of[1:])
    lanes = np.where(aside, lane_count - 1, 0)
    nothing = Precedence(len(aside), np.zeros((0, 2), dtype=np.uint32))
    return _lay_out(waves.order, lanes, phase_of, phases.barrier & ~aside, nothing, lane_count)


class _Phases:
    """Barrier waves and the spans of narrow waves between them, numbered in order.

    `phase_of` int64[n] and `barrier` bool[n] in the order of the waves.
    """

    def __init__(self, waves: Waves, barrier_len_min: int) -> None:
        counts = np.diff(waves.offsets)
        barrier = counts >= max(1, barrier_len_min)
        begins = barrier.copy()
        begins[1:] |= barrier[:-1]
        begins[:1] = False
        number = np.cumsum(begins, dtype=np.int64)
        self._waves = waves
        self._number = number
        self._barrier = barrier
        self.phase_of = np.repeat(number, counts)
        self.barrier = np.repeat(barrier, counts)

    def spans(self) -> list[NDArray[np.uint32]]:
        """The positions of each span."""
        narrow = np.flatnonzero(~self._barrier)
        firsts = narrow[np.flatnonzero(np.diff(self._number[narrow], prepend=-1))]
        ends = np.searchsorted(self._number, self._number[firsts], side="right")
        bounds = self._waves.offsets
        return [
            self._waves.order[bounds[first] : bounds[end]]
            for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
        ]

    def order_in_spans(self, dag: Dag) -> Precedence:
        """What of the DAG's order has both ends in the same span."""
        if self._barrier.all():
            return Precedence(len(dag), dag.edges[:0])
        span_of_wave = np.where(self._barrier, -1 - np.arange(len(self._barrier)), self._number)
        span_of = span_of_wave[dag.waves.wave_of]
        earlier, later = dag.edges[:, 0], dag.edges[:, 1]
        direct = dag.edges[span_of[earlier] == span_of[later]]
        return Precedence(len(dag), direct, dag.joins.within(span_of))


def _lay_out(
    order: NDArray[np.uint32],
    lanes: NDArray[np.int64],
    phase_of: NDArray[np.int64],
    barrier: NDArray[np.bool_],
    precedence: Precedence,
    lane_count: int,
) -> Plan:
    """The plan, once each transaction's lane is known.

    `lanes`, `phase_of` and `barrier` are in the order of `order`. A lane waits for all earlier
    phases of the others before it begins one; `precedence` gives its other waits.
    """
    # Sorting by 16 bits takes numpy a fraction of the time.
    by_lane = np.argsort(lanes.astype(np.min_scalar_type(lane_count)), kind="stable")
    order, phase_of, barrier = order[by_lane], phase_of[by_lane], barrier[by_lane]
    lane_offsets = np.concatenate(([0], np.cumsum(np.bincount(lanes, minlength=lane_count))))
    waits = lane_waits(order, phase_of, precedence, lane_offsets)
    begins, ends = waits[:, 0], waits[:, 2]
    phases = np.flatnonzero(np.diff(phase_of)) + 1
    cuts = np.unique(np.concatenate((lane_offsets, phases, begins, ends)))
    return Plan(
        order=order,
        lane_offsets=lane_offsets,
        task_offsets=cuts,
        barrier=barrier[cuts[:-1]],
        wait_offsets=np.searchsorted(begins, cuts),
        wait_lanes=waits[:, 1],
        wait_ends=ends,
    )
