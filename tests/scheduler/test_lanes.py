"""Which lane runs what: shares of near-equal cost, and list scheduling where waves are narrow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag
from sealane.scheduler.costs import cumulative_costs
from sealane.scheduler.lanes import cut_waves, schedule_spans
from sealane.scheduler.precedence import Precedence

from .shapes import Raw, blocks, columns, drawn


def cut(waves: list[list[int]], lane_count: int) -> list[list[int]]:
    costs = np.array([cost for wave in waves for cost in wave], dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum([len(wave) for wave in waves]))).astype(np.int64)
    lanes: list[int] = cut_waves(cumulative_costs(costs, lane_count), offsets, lane_count).tolist()
    return [lanes[low:high] for low, high in pairwise(offsets.tolist())]


@pytest.mark.parametrize(
    ("costs", "lane_count", "lanes"),
    [
        ([5], 2, [1]),
        ([1] * 6, 1, [0] * 6),
        ([1] * 6, 2, [0, 0, 0, 1, 1, 1]),
        ([1] * 6, 4, [0, 1, 1, 2, 3, 3]),
        ([9, 1, 1, 1], 2, [0, 1, 1, 1]),
        ([1, 1, 1, 9], 2, [0, 0, 0, 1]),
    ],
)
def test_shares_of_one_wave(costs: list[int], lane_count: int, lanes: list[int]) -> None:
    assert cut([costs], lane_count) == [lanes]


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=9)), st.integers(1, 9))
def test_shares_are_whole_near_equal_and_of_one_wave(
    waves: list[list[int]], lane_count: int
) -> None:
    for costs, lanes in zip(waves, cut(waves, lane_count), strict=True):
        assert lanes == sorted(lanes)
        assert all(0 <= lane < lane_count for lane in lanes)
        most = -(-sum(costs) // lane_count) + max(costs)
        for lane in set(lanes):
            share = [cost for cost, own in zip(costs, lanes, strict=True) if own == lane]
            assert sum(share) <= most


def schedule(raw: str, costs: list[int], lane_count: int) -> list[int]:
    dag = build_dag(drawn(*raw.split()))
    return schedule_spans(
        [dag.waves.order], dag.order, np.array(costs, dtype=np.int64), lane_count
    ).tolist()


def test_two_chains_take_a_lane_each() -> None:
    """0 ─a─► 2 ─a─► 4 and 1 ─b─► 3 ─b─► 5."""
    assert schedule("Wa Wb Wa Wb Wa Wb", [5] * 6, 2) == [0, 1, 0, 1, 0, 1]


def test_a_chain_stays_though_another_lane_is_idle() -> None:
    """0 ─a─► 1 ─a─► 2."""
    assert schedule("Wa Wa Wa", [5] * 3, 4) == [0, 0, 0]


def test_a_long_transaction_leaves_the_others_to_the_other_lane() -> None:
    assert schedule("Wa Wb Wc Wd", [9, 3, 3, 3], 2) == [0, 1, 1, 1]


def test_each_span_begins_with_all_lanes_free() -> None:
    spans = [np.array([0, 1], dtype=np.uint32), np.array([2], dtype=np.uint32)]
    nothing = Precedence(3, np.zeros((0, 2), dtype=np.uint32))
    assert schedule_spans(spans, nothing, np.array([9, 1, 1]), 2).tolist() == [0, 1, 0]


@given(blocks(), st.integers(1, 4))
def test_no_lane_idles_while_it_could_begin_something(raw: Raw, lane_count: int) -> None:
    """Graham's bound: a list schedule takes at most total / lanes + the longest path, crossings
    aside."""
    dag = build_dag(columns(raw, 100))
    costs = np.full(len(raw), 10, dtype=np.int64)
    lanes: list[int] = schedule_spans([dag.waves.order], dag.order, costs, lane_count).tolist()
    finish = [0] * len(raw)
    ready = [0] * lane_count
    order: list[int] = dag.waves.order.tolist()
    for position in order:
        lane = lanes[position]
        start = max(ready[lane], *(finish[earlier] for earlier in dag.predecessors(position)), 0)
        finish[position] = ready[lane] = start + 10
    longest = 10 * len(dag.waves)
    crossings = len(dag.waves) * 1
    assert max(finish, default=0) <= 10 * len(raw) / lane_count + longest + crossings
