"""Lanes as they run: when each transaction would run by the clock, as the simulation says.

What runs here is `run_lane` itself, in a thread for each lane, with an executor that only keeps
time: a clock of its own for each lane, set forward by costs, and by what the lane has waited for.
Does not check how long a wait takes on a machine.
"""

from __future__ import annotations

from threading import Thread, local
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.primitives import Transaction
from sealane.programs.library.system import transfer
from sealane.runtime import Lanes, build_block
from sealane.runtime.batch.lane_executor import LaneExecutor
from sealane.runtime.engine.parallel import execution_costs, plan_execution
from sealane.runtime.memory.progress import empty_progress
from sealane.runtime.workers import lane as lanes
from sealane.runtime.workers.lane import plan_columns, run_lane
from sealane.scheduler import Plan, build_dag, make_plan
from sealane.scheduler.simulation import time_lanes
from sealane.scheduler.simulation.timeline import Timeline

from ...scheduler.shapes import Raw, blocks, columns


class _Clock:
    """Stands in for a LaneExecutor. `ends` by place in the plan's order, shared by all lanes."""

    def __init__(self, costs: list[int], ends: list[int]) -> None:
        self._costs, self._ends = costs, ends
        self.now = 0

    def has_groups(self, start: int, end: int) -> bool:
        return start < end

    def run(self, start: int, end: int) -> None:
        for place in range(start, end):
            self.now += self._costs[place]
            self._ends[place] = self.now

    def run_next(self, start: int, end: int, last: int) -> None:
        assert end <= last
        self.run(start, end)


def run_by_the_clock(
    plan: Plan, costs: list[int], crossing: int, patch: pytest.MonkeyPatch
) -> Timeline:
    """Run all lanes of a plan."""
    order: list[int] = plan.order.tolist()
    bounds: list[int] = plan.lane_offsets.tolist()
    ends = [0] * len(order)
    progress = empty_progress(plan.lane_count + 1)
    running = local()
    wait = vars(lanes)["_wait"]

    def timed_wait(cells: memoryview, cell: int, end: int) -> float:
        waited_s: float = wait(cells, cell, end)
        running.clock.now = max(running.clock.now, ends[end - 1] + crossing)
        return waited_s

    def run(lane: int) -> None:
        running.clock = _Clock([costs[position] for position in order], ends)
        run_lane(
            cast("LaneExecutor", running.clock), cast("Any", plan_columns(plan)), progress, lane
        )

    with patch.context() as patched:
        patched.setattr(lanes, "_wait", timed_wait)
        busy = [lane for lane in range(plan.lane_count) if bounds[lane] < bounds[lane + 1]]
        threads = [Thread(target=run, args=(lane + 1,)) for lane in busy]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = Timeline.unstarted(len(order))
    for lane in busy:
        for place in range(bounds[lane], bounds[lane + 1]):
            position = order[place]
            found.starts[position] = ends[place] - costs[position]
            found.ends[position], found.workers[position] = ends[place], lane
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks(), st.integers(1, 4), st.sampled_from([1, 2, 4, 100]), st.integers(0, 3), st.data())
def test_lanes_run_when_the_simulation_says(
    monkeypatch: pytest.MonkeyPatch,
    raw: Raw,
    lane_count: int,
    barrier_len_min: int,
    crossing: int,
    data: st.DataObject,
) -> None:
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    plan = make_plan(build_dag(columns(raw, 100)), costs, lane_count, barrier_len_min)
    assert run_by_the_clock(plan, costs, crossing, monkeypatch) == time_lanes(plan, costs, crossing)


def test_the_simulated_lanes_are_those_of_the_plan_that_is_executed() -> None:
    """Given the same parameters: costs of execution, and from when on waves are shared."""
    names = ["ann", "ben", "cho", "dee"]
    transfers = [(a, b) for a in names for b in names if a != b] * 9
    calls = [transfer(source=a, destination=b, lamports=1) for a, b in transfers]
    block = build_block([Transaction([call]) for call in calls])
    dag, division = build_dag(block.access), Lanes(2, share_len_min=2)
    plan = plan_execution(block, dag, division)
    costs: list[int] = execution_costs(block).tolist()
    assert repr(plan) == repr(make_plan(dag, costs, division.count, division.barrier_len_min))
    found = time_lanes(plan, costs)
    bounds: list[int] = plan.lane_offsets.tolist()
    for lane in range(2):
        ran = [run for run in found.runs() if run.worker == lane]
        in_order = [run.position for run in sorted(ran, key=lambda run: run.start)]
        assert in_order == plan.order[bounds[lane] : bounds[lane + 1]].tolist()
