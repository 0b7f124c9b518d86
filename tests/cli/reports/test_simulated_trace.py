"""Traces of simulated runs: bars where the timeline has them, arrows where a worker waited."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sealane.cli.reports.simulated_trace import SimulatedRun, simulated_trace
from sealane.scheduler import Schedule
from sealane.scheduler.simulation import POLICIES, Run, Timeline


def schedule() -> Schedule:
    """a ── c on x, b ── c on y; d alone. Costs 2, 5, 1 and 1."""
    jobs: list[tuple[list[str], list[str]]] = [([], ["x"]), ([], ["y"]), ([], ["x", "y"]), ([], [])]
    return Schedule.from_sets(jobs, [2, 5, 1, 1], ids=["a", "b", "c", "d"])


def test_a_worker_waits_for_what_ends_last() -> None:
    """worker 0   a d . . . c
    worker 1   b b b b b"""
    run = SimulatedRun(schedule(), "by hand", 2, Timeline([0, 0, 5, 2], [2, 5, 6, 3], [0, 1, 0, 0]))
    trace = simulated_trace(run)
    assert [track.name for track in trace.tracks] == ["worker 0", "worker 1"]
    assert {track.process for track in trace.tracks} == {": by hand on 2 workers"}
    bars = {each.name: (each.track.name, each.start, each.end) for each in trace.slices}
    assert bars["b"] == ("worker 1", 0, 5)
    assert bars["c"] == ("worker 0", 5, 6)
    (flow,) = trace.flows
    assert (flow.before.name, flow.after.name) == ("b", "c")
    assert flow.after.args["waited for"] == "b"
    assert flow.after.args["wave"] == 1


def test_nobody_waits_where_the_worker_itself_was_busy() -> None:
    """b ends while the worker of c still runs d."""
    timeline = Timeline([0, 0, 7, 2], [2, 5, 8, 7], [0, 1, 0, 0])
    assert simulated_trace(SimulatedRun(schedule(), "by hand", 2, timeline)).flows == []


def test_what_was_executed_in_vain_is_marked() -> None:
    timeline = Timeline([0, 0, 5, 2], [2, 5, 6, 3], [0, 1, 0, 1], [Run(2, 0, 2, 3)])
    trace = simulated_trace(SimulatedRun(schedule(), "by hand", 2, timeline))
    (again,) = (each for each in trace.slices if each.args.get("aborted"))
    assert (again.name, again.start, again.end) == ("c (in vain)", 2, 3)
    assert [flow.after.name for flow in trace.flows] == ["c"]


@pytest.mark.parametrize("policy", POLICIES)
def test_each_policy_can_be_traced(policy: str) -> None:
    """Bars of a worker do not overlap, and no arrow points back in time."""
    jobs: list[tuple[list[str], list[str]]] = [([], [f"k{n % 3}", f"q{n % 7}"]) for n in range(60)]
    trace = simulated_trace(SimulatedRun.of(Schedule.from_sets(jobs, range(60)), policy, 3))
    for track in trace.tracks:
        bars = sorted((each.start, each.end) for each in trace.slices if each.track == track)
        assert all(end <= start for (_, end), (start, _) in pairwise(bars))
    assert all(flow.before.end <= flow.after.start for flow in trace.flows)
    assert len(trace.document()["traceEvents"]) >= 60
