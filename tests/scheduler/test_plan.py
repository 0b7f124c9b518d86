"""Plans: whatever pace lanes run at, every edge is kept, nobody waits in a circle."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, Plan, build_dag, make_plan, plan_isolated

from . import oracle
from .shapes import Raw, blocks, columns, drawn


def lanes(plan: Plan) -> list[list[list[int]]]:
    """The positions of every task, lane by lane."""
    ends = plan.lane_offsets.tolist()
    return [
        [
            plan.order[low:high].tolist()
            for low, high in pairwise(plan.task_offsets.tolist())
            if first <= low < last
        ]
        for first, last in pairwise(ends)
    ]


def waits(plan: Plan) -> list[tuple[list[int], int, list[int]]]:
    """(what waits, for which lane, until it has run what)."""
    found: list[tuple[list[int], int, list[int]]] = []
    for task in range(len(plan.barrier)):
        low, high = plan.task_offsets[task : task + 2]
        for wait in range(*plan.wait_offsets[task : task + 2]):
            lane, end = plan.wait_lanes[wait], plan.wait_ends[wait]
            past = plan.order[plan.lane_offsets[lane] : end].tolist()
            found.append((plan.order[low:high].tolist(), int(lane), past))
    return found


def run_at_random(plan: Plan, seed: int) -> list[list[int]]:
    """The tasks in an order in which lanes of unlike pace may begin them."""
    draws = random.Random(seed)
    bounds = plan.task_offsets.tolist()
    queues = [
        [k for k, low in enumerate(bounds[:-1]) if first <= low < last]
        for first, last in pairwise(plan.lane_offsets.tolist())
    ]
    reached = plan.lane_offsets[:-1].tolist()
    done: list[list[int]] = []
    while any(queues):
        able = [
            lane for lane, queue in enumerate(queues) if queue and ready(plan, queue[0], reached)
        ]
        assert able, "all lanes wait"
        lane = draws.choice(able)
        task = queues[lane].pop(0)
        done.append(plan.order[bounds[task] : bounds[task + 1]].tolist())
        reached[lane] = bounds[task + 1]
    return done


def ready(plan: Plan, task: int, reached: list[int]) -> bool:
    start, stop = plan.wait_offsets[task : task + 2]
    lanes: list[int] = plan.wait_lanes[start:stop].tolist()
    ends: list[int] = plan.wait_ends[start:stop].tolist()
    return all(reached[lane] >= end for lane, end in zip(lanes, ends, strict=True))


def comb() -> AccessLists:
    """
    0 ─a─► 4 ─a─► 5 ─a─► 6 ─┬─► 7
    1, 2, 3 alone           ├─► 8
                            └─► 9      waves: 0-3 | 4 | 5 | 6 | 7-9
    """
    return drawn("Wa", "Wb", "Wc", "Wd", "Wa", "Wa", "Wa", "Ra", "Ra", "Ra")


def test_wide_waves_are_shared_out_and_a_chain_stays_on_one_lane() -> None:
    plan = make_plan(build_dag(comb()), [5] * 10, 2, barrier_len_min=3)
    assert lanes(plan) == [[[0, 1], [4, 5, 6], [7]], [[2, 3], [8, 9]]]
    assert waits(plan) == [
        ([4, 5, 6], 1, [2, 3]),
        ([8, 9], 0, [0, 1, 4, 5, 6]),
    ]
    assert plan.barrier.tolist() == [True, False, True, True, True]


def test_in_spans_transactions_wait_for_each_other_and_not_for_waves() -> None:
    """
    0 ─a─► 2 ─a─► 4 ─a─► 5      two chains that meet in 5
    1 ─b─► 3 ─────b─────► 5
    """
    plan = make_plan(build_dag(drawn("Wa", "Wb", "Wa", "Wb", "Wa", "Wa Wb")), [5] * 6, 2, 9)
    assert lanes(plan) == [[[0, 2, 4], [5]], [[1, 3]]]
    assert waits(plan) == [([5], 1, [1, 3])]
    assert not plan.barrier.any()


def test_a_wait_that_an_earlier_one_implies_is_left_out() -> None:
    """
    0 ─a─► 1, 2, 3: readers of what 0 wrote; lane 1 waits for 0 once
    """
    plan = make_plan(build_dag(drawn("Wa", "Ra", "Ra", "Ra", "Ra")), [5] * 5, 2, 9)
    assert lanes(plan) == [[[0], [1, 3]], [[2, 4]]]
    assert waits(plan) == [([2, 4], 0, [0])]


def test_one_lane_runs_wave_after_wave_and_never_waits() -> None:
    plan = make_plan(build_dag(comb()), [1] * 10, 1, barrier_len_min=4)
    assert lanes(plan) == [[[0, 1, 2, 3], [4, 5, 6, 7, 8, 9]]]
    assert plan.barrier.tolist() == [True, False]
    assert waits(plan) == []


@pytest.mark.parametrize("lane_count", [0, -1])
def test_there_is_no_plan_without_a_lane(lane_count: int) -> None:
    with pytest.raises(ValueError, match=f"lane_count={lane_count}: .* at least one lane"):
        make_plan(build_dag(comb()), [1] * 10, lane_count, barrier_len_min=4)


@pytest.mark.parametrize("lane_count", ["4", 2.5, None, True])
def test_a_number_of_lanes_is_an_integer(lane_count: Any) -> None:
    with pytest.raises(TypeError, match=f"={lane_count!r}: give an integer, not"):
        make_plan(build_dag(comb()), [1] * 10, lane_count, barrier_len_min=4)


@pytest.mark.slow
def test_lanes_beyond_the_transactions_stay_empty_and_cost_nothing() -> None:
    """
    0 ─a─► 1    2 alone
    """
    dag = build_dag(drawn("Wa", "Wa", "Wb"))
    for barrier_len_min in (1, 100):
        few = make_plan(dag, [1] * 3, 3, barrier_len_min)
        many = make_plan(dag, [1] * 3, 100_000, barrier_len_min)
        assert many.lane_count == 100_000
        assert lanes(few) == lanes(many)[:3]
        assert waits(few) == waits(many)


def test_a_step_waits_for_the_step_before_it_alone() -> None:
    """
    0 ─a─► 2 ─a─► 4
    1 ─b─► 3 ─b─► 5     three waves of two, all barrier waves
    """
    plan = make_plan(build_dag(drawn("Wa", "Wb", "Wa", "Wb", "Wa", "Wb")), [1] * 6, 2, 2)
    assert lanes(plan) == [[[0], [2], [4]], [[1], [3], [5]]]
    assert waits(plan) == [([2], 1, [1]), ([4], 1, [1, 3]), ([3], 0, [0]), ([5], 0, [0, 2])]


def test_more_lanes_than_16_bits_count() -> None:
    count = 70_000
    dag = build_dag(AccessLists.from_columns(range(count + 1), range(count), [True] * count, count))
    plan = make_plan(dag, [1] * count, count, 1)
    assert plan.order.tolist() == list(range(count))


@pytest.mark.parametrize("lane_count", [1, 3])
def test_empty_block(lane_count: int) -> None:
    dag = build_dag(AccessLists.from_columns([0], [], [], 0))
    for plan in (
        make_plan(dag, [], lane_count, 1),
        plan_isolated(dag.waves, np.zeros(0, bool), 3, 1),
    ):
        assert len(plan) == 0
        assert run_at_random(plan, 0) == []
    assert len(Plan.in_order(dag.waves.order).barrier) == 0


def test_a_given_order_is_one_piece() -> None:
    plan = Plan.in_order(np.array([2, 0, 1], dtype=np.uint32))
    assert lanes(plan) == [[[2, 0, 1]]]
    assert not plan.barrier.any()


def test_isolated_transactions_run_while_nothing_else_does() -> None:
    plan = plan_isolated(
        build_dag(comb()).waves, np.isin(np.arange(10), [1, 5]), 3, barrier_len_min=3
    )
    assert lanes(plan) == [[[0], [2, 3], [4], [6], [7, 8, 9]], [], [[1], [5]]]
    assert plan.barrier.tolist() == [True, True, False, False, True, False, False]
    assert [(task, past[-1]) for task, _, past in waits(plan)] == [
        ([2, 3], 1),
        ([6], 5),
        ([1], 0),
        ([5], 4),
    ]


@given(
    blocks(), st.data(), st.integers(1, 5), st.sampled_from([1, 2, 4, 100]), st.integers(0, 1000)
)
def test_any_pace_keeps_every_edge(
    raw: Raw, data: st.DataObject, lane_count: int, barrier_len_min: int, seed: int
) -> None:
    costs = data.draw(st.lists(st.integers(0, 20), min_size=len(raw), max_size=len(raw)))
    dag = build_dag(columns(raw, 100))
    plan = make_plan(dag, costs, lane_count, barrier_len_min)
    check(plan, raw, seed)
    assert plan.lane_count == lane_count


@given(blocks(), st.data(), st.integers(2, 4), st.sampled_from([1, 3, 100]), st.integers(0, 1000))
def test_setting_apart_keeps_every_edge_and_runs_one_piece_at_a_time(
    raw: Raw, data: st.DataObject, lane_count: int, barrier_len_min: int, seed: int
) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw)))
    dag = build_dag(columns(raw, 100))
    isolated = np.array(flags, dtype=np.bool_)
    plan = plan_isolated(dag.waves, isolated, lane_count, barrier_len_min)
    check(plan, raw, seed)
    # There is only one order in which its tasks can run: that of the waves.
    order = [position for task in run_at_random(plan, seed) for position in task]
    assert order == dag.waves.order.tolist()
    last = plan.order[plan.lane_offsets[-2] :].tolist()
    assert sorted(last) == np.flatnonzero(isolated).tolist()


def check(plan: Plan, raw: Raw, seed: int) -> None:
    done = run_at_random(plan, seed)
    place = {p: k for k, p in enumerate(position for task in done for position in task)}
    assert sorted(place) == list(range(len(raw)))
    for later in range(len(raw)):
        for earlier in range(later):
            if oracle.conflict_accounts(raw[earlier], raw[later]):
                assert place[earlier] < place[later]
    for (low, high), barrier in zip(
        pairwise(plan.task_offsets.tolist()), plan.barrier, strict=True
    ):
        if barrier:
            task: list[int] = plan.order[low:high].tolist()
            for earlier, later in combinations(task, 2):
                assert oracle.conflict_accounts(raw[earlier], raw[later]) == set()
