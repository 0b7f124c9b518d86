"""Plans: shares of equal cost, narrow waves merged into spans, and the order kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, Plan, build_dag, cut_shares, make_plan

from . import oracle
from .shapes import Raw, blocks, columns, drawn


def steps(plan: Plan) -> list[list[list[int]]]:
    return [[share.tolist() for share in plan.shares(step)] for step in range(len(plan))]


@pytest.mark.parametrize(
    ("costs", "workers", "share_cost_min", "offsets"),
    [
        ([], 2, 1, [0]),
        ([5], 2, 1, [0, 1]),
        ([1] * 6, 1, 1, [0, 6]),
        ([1] * 6, 0, 1, [0, 6]),
        ([1] * 6, 2, 1, [0, 3, 6]),
        ([1] * 6, 4, 1, [0, 1, 3, 4, 6]),
        ([1, 1], 4, 1, [0, 1, 2]),
        ([9, 1, 1, 1], 2, 1, [0, 1, 4]),
        ([1, 1, 1, 9], 2, 1, [0, 3, 4]),
        ([0, 0, 0], 2, 0, [0, 3]),
        ([1] * 6, 4, 2, [0, 2, 4, 6]),
        ([1] * 6, 4, 3, [0, 3, 6]),
        ([1] * 6, 4, 4, [0, 6]),
    ],
)
def test_shares_of_one_wave(
    costs: list[int], workers: int, share_cost_min: int, offsets: list[int]
) -> None:
    assert cut_shares(costs, workers, share_cost_min).tolist() == offsets


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(0, 9), st.integers(0, 30))
def test_shares_are_whole_near_equal_and_worth_their_while(
    costs: list[int], workers: int, share_cost_min: int
) -> None:
    offsets: list[int] = cut_shares(costs, workers, share_cost_min).tolist()
    assert offsets == sorted(set(offsets))
    assert (offsets[0], offsets[-1]) == (0, len(costs))
    assert len(offsets) - 1 <= max(1, workers)
    total = sum(costs)
    asked = max(1, min(max(1, workers), total // max(1, share_cost_min), len(costs)))
    assert len(offsets) - 1 <= asked
    for start, stop in pairwise(offsets):
        assert sum(costs[start:stop]) <= -(-total // asked) + max(costs)


def test_costs_that_sum_beyond_int64_are_refused() -> None:
    top = 2**63 - 1
    assert cut_shares([top], 1, 1).tolist() == [0, 1]
    assert cut_shares([top, 0], 1, 1).tolist() == [0, 2]
    with pytest.raises(ValueError, match=f"the costs sum to {top + 1}"):
        cut_shares([top, 1], 1, 1)
    with pytest.raises(ValueError, match="scale them down"):
        cut_shares([top // 2, 0], 3, 1)


def comb() -> AccessLists:
    """
    0 ─a─► 4 ─a─► 5 ─a─► 6 ─┬─► 7
    1, 2, 3 alone           ├─► 8
                            └─► 9      waves: 0-3 | 4 | 5 | 6 | 7-9
    """
    return drawn("Wa", "Wb", "Wc", "Wd", "Wa", "Wa", "Wa", "Ra", "Ra", "Ra")


def test_wide_waves_are_cut_and_narrow_ones_merged() -> None:
    plan = make_plan(build_dag(comb()), [1] * 10, workers=2, wave_cost_narrow=2)
    assert steps(plan) == [[[0, 1], [2, 3]], [[4, 5, 6]], [[7], [8, 9]]]
    assert plan.order.tolist() == list(range(10))
    assert plan.share_offsets.tolist() == [0, 2, 4, 7, 8, 10]
    assert plan.step_offsets.tolist() == [0, 2, 3, 5]
    assert plan.step_wave_first.tolist() == [0, 1, 4]
    assert plan.step_wave_last.tolist() == [0, 3, 4]


def test_the_limit_of_narrow() -> None:
    """A wave of cost 3 is narrow below 4 and wide below 3."""
    dag = build_dag(comb())
    assert steps(make_plan(dag, [1] * 10, 2, 4))[1:] == [[[4, 5, 6, 7, 8, 9]]]
    assert steps(make_plan(dag, [1] * 10, 2, 3))[1:] == [[[4, 5, 6]], [[7], [8, 9]]]


def test_a_share_too_cheap_is_not_cut() -> None:
    dag = build_dag(comb())
    found = make_plan(dag, [1] * 10, workers=4, wave_cost_narrow=0, share_cost_min=2)
    assert steps(found) == [[[0, 1], [2, 3]], [[4, 5, 6, 7, 8, 9]]]


def test_shares_follow_costs_by_position_not_by_place_in_the_wave() -> None:
    """0 ─a─► 1; 2 and 3 alone: wave 0 is 0, 2, 3 of costs 1, 1, 2."""
    dag = build_dag(drawn("Wa", "Wa", "Wb", "Wc"))
    assert steps(make_plan(dag, [1, 100, 1, 2], 2, 0)) == [[[0, 2], [3]], [[1]]]


@pytest.mark.parametrize("workers", [0, 1])
def test_without_workers_the_block_is_one_span(workers: int) -> None:
    assert steps(make_plan(build_dag(comb()), [1] * 10, workers, 0)) == [[list(range(10))]]


def test_empty_block() -> None:
    plan = make_plan(build_dag(AccessLists.from_columns([0], [], [], 0)), [], 2, 0)
    assert (len(plan), steps(plan)) == (0, [])
    assert (plan.share_offsets.tolist(), plan.step_offsets.tolist()) == ([0], [0])
    with pytest.raises(IndexError, match="no step 0 among 0"):
        plan.shares(0)


@given(
    blocks(),
    st.data(),
    st.integers(0, 5),
    st.sampled_from([0, 1, 5, 40]),
    st.sampled_from([0, 1, 6]),
)
def test_plans_keep_every_edge_and_never_run_a_conflict_side_by_side(
    raw: Raw, data: st.DataObject, workers: int, wave_cost_narrow: int, share_cost_min: int
) -> None:
    size = len(raw)
    costs = data.draw(st.lists(st.integers(0, 20), min_size=size, max_size=size))
    dag = build_dag(columns(raw, 100))
    plan = make_plan(dag, costs, workers, wave_cost_narrow, share_cost_min)
    found = steps(plan)
    place = {p: k for k, p in enumerate(p for step in found for share in step for p in share)}
    assert sorted(place) == list(range(size))
    assert all(place[a] < place[b] for a, b in dag.edges.tolist())
    for step in found:
        assert 1 <= len(step) <= max(1, workers)
        assert all(share for share in step)
        for k, share in enumerate(step):
            for other in step[:k]:
                for a in share:
                    for b in other:
                        assert oracle.conflict_accounts(raw[a], raw[b]) == set()
    check_steps_are_waves_and_spans(plan, costs, dag.waves.wave_of.tolist(), wave_cost_narrow)


def check_steps_are_waves_and_spans(
    plan: Plan, costs: list[int], wave_of: list[int], wave_cost_narrow: int
) -> None:
    """Step waves line up end to end; no two spans are neighbours; what is cut is wide."""
    found = steps(plan)
    widths = [len(step) for step in found]
    first, last = plan.step_wave_first.tolist(), plan.step_wave_last.tolist()
    assert first == ([0, *(k + 1 for k in last[:-1])] if found else [])
    for k, step in enumerate(found):
        members = [position for share in step for position in share]
        assert sorted({wave_of[p] for p in members}) == list(range(first[k], last[k] + 1))
        if widths[k] > 1:
            assert first[k] == last[k]
            assert sum(costs[p] for p in members) >= wave_cost_narrow
        else:
            assert k == 0 or widths[k - 1] > 1


@given(blocks(), st.integers(1, 4), st.integers(0, 9))
def test_plan_cuts_each_wave_as_cut_shares_does(raw: Raw, workers: int, least: int) -> None:
    dag = build_dag(columns(raw, 100))
    costs = np.array([len(transaction) * 3 % 7 for transaction in raw], dtype=np.int64)
    plan = make_plan(dag, costs, workers, 0, least)
    cut = {
        wave: plan.share_offsets[plan.step_offsets[k] : plan.step_offsets[k + 1] + 1]
        - dag.waves.offsets[wave]
        for k, wave in enumerate(plan.step_wave_first.tolist())
        if plan.step_offsets[k + 1] - plan.step_offsets[k] > 1
    }
    for number, wave in enumerate(dag.waves):
        alone = cut_shares(costs[wave], workers, least).tolist()
        assert (cut[number].tolist() if number in cut else [0, len(wave)]) == alone
