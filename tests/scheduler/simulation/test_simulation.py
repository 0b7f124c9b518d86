"""Predicted makespans: drawn by hand, and within what theory allows for any block."""

from __future__ import annotations

import doctest
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag, simulate
from sealane.scheduler.chains import remaining_costs
from sealane.scheduler.simulation.policies import POLICIES
from sealane.scheduler.simulation.prediction import Latency, Prediction, predict
from sealane.scheduler.simulation.timeline import Timeline
from sealane.scheduler.simulation.workload import Workload

from ...notebook import page_of
from ..shapes import Raw, blocks, columns, drawn, seeded


def ends(access: AccessLists, costs: list[int], workers: int, policy: str) -> list[int]:
    return POLICIES[policy](workload(access, costs), workers).ends


def workload(access: AccessLists, costs: list[int]) -> Workload:
    return Workload(build_dag(access), costs, [0] * len(costs))


def timeline(ends: Sequence[int]) -> Timeline:
    """One worker for each transaction, all begun at once."""
    return Timeline([0] * len(ends), list(ends), list(range(len(ends))))


# 0: W a, 1 ── 2: R a, 1 ── 3: W a, 1     the long way: 3
# 1: W b, 3                                alone, and as long as all of it
# 4: W c, 1                                alone
TANGLE = ("Wa", "Wb", "Ra", "Wa", "Wc")
TANGLE_COSTS = [1, 3, 1, 1, 1]


def test_dataflow_starts_the_longest_remaining_path_first() -> None:
    """Two workers: 0 and 1 have 3 left each, 4 has 1 and waits for the first that is free.

    worker 0   0 2 3 4
    worker 1   1─────
    """
    access = drawn(*TANGLE)
    assert remaining_costs(build_dag(access).order, TANGLE_COSTS) == [3, 3, 2, 1, 1]
    assert ends(access, TANGLE_COSTS, 2, "dataflow") == [1, 3, 2, 3, 4]
    assert ends(access, TANGLE_COSTS, 3, "dataflow") == [1, 3, 2, 3, 1]


def test_of_equals_the_earlier_in_the_file_starts_first() -> None:
    assert ends(drawn("Wa", "Wb", "Wc"), [2, 2, 2], 1, "dataflow") == [2, 4, 6]


def test_waves_wait_for_the_slowest_of_the_wave_before() -> None:
    """Waves {0, 1, 4}, {2}, {3}. Two workers, the costliest first: 1 | 0 4, then 2, then 3."""
    assert ends(drawn(*TANGLE), TANGLE_COSTS, 2, "waves") == [1, 3, 4, 5, 2]


def test_lanes_wait_for_each_other_point_to_point() -> None:
    """0 ── 1 ── 2 on a, and 3 on b: one lane each, and nobody waits for a whole wave."""
    assert ends(drawn("Wa", "Wa", "Wa", "Wb"), [2, 2, 2, 5], 2, "lanes") == [2, 4, 6, 5]


def test_what_costs_nothing_takes_no_time() -> None:
    """0 ── 1 ── 2, the first and the last for nothing; `pack` takes them before what costs."""
    for policy in POLICIES.keys() - {"pack"}:
        assert ends(drawn("Wa", "Wa", "Wa"), [0, 3, 0], 2, policy) == [0, 3, 3]
    assert ends(drawn("Wa", "Wa", "Wa"), [0, 3, 0], 2, "pack") == [0, 3, 0]


def test_the_figures_of_a_run() -> None:
    """Ends at 1, 2, 2 and 10 with 12 of work on 2 workers: half have ended by 2, all by 10."""
    assert predict(timeline([1, 2, 2, 10]), 12, 2) == Prediction(
        2, makespan=10, speed_up=1.2, idle=1 - 12 / 20, latency=Latency(p50=2, p99=10)
    )
    assert predict(timeline(range(1, 101)), 100, 1).latency == Latency(50, 99)
    assert predict(timeline([]), 0, 4) == Prediction(4, 0, 1.0, 0.0, Latency(0, 0))


@settings(max_examples=40)
@given(blocks(), st.integers(1, 5), st.data())
def test_a_prediction_is_of_the_timeline(raw: Raw, workers: int, data: st.DataObject) -> None:
    """And Graham's bound holds where no worker is idle while something is ready."""
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    access = columns(raw, 100)
    found = simulate(build_dag(access), costs, [workers])
    total, critical = sum(costs), found.critical_path_cost
    for policy, (prediction,) in found.policies.items():
        assert prediction.makespan == max(ends(access, costs, workers, policy), default=0)
    for policy in ("dataflow", "fifo"):
        (prediction,) = found.policies[policy]
        assert workers * prediction.makespan <= total + (workers - 1) * critical


@settings(max_examples=40)
@given(blocks(), st.data())
def test_one_worker_takes_the_total(raw: Raw, data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    found = simulate(build_dag(columns(raw, 100)), costs, [1])
    assert {each.makespan for (each,) in found.policies.values()} == {sum(costs)}
    assert {each.idle for (each,) in found.policies.values()} == {0.0}


@given(blocks())
def test_enough_workers_take_the_critical_path(raw: Raw) -> None:
    found = simulate(build_dag(columns(raw, 100)), [1] * len(raw), [max(1, len(raw))])
    for policy in ("waves", "dataflow", "fifo", "block-stm"):
        assert found.policies[policy][0].makespan == found.critical_path_cost


def test_a_large_block_on_many_workers() -> None:
    found = simulate(build_dag(seeded("zipf", 5_000)), [3] * 5_000, [16])
    assert all(each.makespan >= 15_000 / 16 for (each,) in found.policies.values())


def test_bad_arguments_are_refused() -> None:
    dag = build_dag(drawn("Wa"))
    with pytest.raises(ValueError, match="workers=0"):
        simulate(dag, [1], [0])
    with pytest.raises(ValueError, match="no policy 'fifi'; choose from waves, lanes, dataflow"):
        simulate(dag, [1], [1], ["fifi"])
    with pytest.raises(ValueError, match="transaction 0: cost -1"):
        simulate(dag, [-1])


def test_the_document_has_the_contracts_keys() -> None:
    found = simulate(build_dag(drawn("Wa", "Wa")), [2**60, 1], [2], ["dataflow"], ["without votes"])
    assert found.to_dict() == {
        "transactions": 2,
        "total_cost": str(2**60 + 1),
        "critical_path_cost": str(2**60 + 1),
        "what_if": ["without votes"],
        "policies": {
            "dataflow": [
                {
                    "workers": 2,
                    "makespan": str(2**60 + 1),
                    "speed_up": 1.0,
                    "idle": 0.5,
                    "latency": {"p50": str(2**60), "p99": str(2**60 + 1)},
                    "reruns": 0,
                }
            ]
        },
        "advice": [],
        "before": None,
        "notes": [],
    }
    assert repr(found) == "<Simulation of 2 transactions: dataflow on 2 workers>"
    assert "without votes\ndataflow: 2 workers: makespan 1,152,921,504,606,846,977" in str(found)
    assert "without votes" in page_of(found)


def test_the_example_runs() -> None:
    module = sys.modules["sealane.scheduler.simulation.simulation"]
    assert doctest.testmod(module).failed == 0


def test_a_lane_goes_on_after_the_crossing_cost() -> None:
    """0 ── 1 on a beside 2 ── 1 on b: the second lane is waited for, and then some."""
    access = drawn("Wa", "Wb", "Wa Wb")
    crossing = Workload(build_dag(access), [3, 3, 1], [0] * 3, crossing_cost=2)
    assert POLICIES["lanes"](crossing, 2).starts == [0, 0, 5]
    assert (
        simulate(crossing.dag, [3, 3, 1], [2], ["lanes"], crossing_cost=2)
        .policies["lanes"][0]
        .makespan
        == 6
    )
