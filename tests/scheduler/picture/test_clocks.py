"""Two clocks: when waves begin, when transactions could, and how many run at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag, critical_path
from sealane.scheduler.picture.clocks import barrier_clock, earliest_starts, mean_running

from ..shapes import Raw, blocks, columns, drawn


def test_a_wave_ends_with_its_costliest_transaction() -> None:
    """0: W a, 3 ── 1: W a, 1 ── 3: W a, 2      2: W b, 5."""
    dag = build_dag(drawn("Wa", "Wa", "Wb", "Wa"))
    clock = barrier_clock(dag.waves, [3, 1, 5, 2])
    assert clock.starts == [0, 5, 6, 8]
    assert clock.held == 2 * 5 + 1 + 2
    assert clock.idle == pytest.approx(2 / 13)
    assert earliest_starts(dag, [3, 1, 5, 2]) == [0, 3, 0, 4]


def test_nothing_takes_no_time() -> None:
    dag = build_dag(drawn())
    assert barrier_clock(dag.waves, []) == ([0], 0, 0.0)
    assert barrier_clock(build_dag(drawn("Wa")).waves, [0]) == ([0, 0], 0, 0.0)
    assert mean_running([0], [0], (0, 0), 3).tolist() == [0, 0, 0]


def test_costs_of_any_size_are_exact() -> None:
    dag = build_dag(drawn("Wa", "Wa"))
    huge = (1 << 63) - 1
    assert barrier_clock(dag.waves, [huge, huge]).starts == [0, huge, 2 * huge]


@given(blocks(), st.data())
def test_without_barriers_the_end_is_the_critical_path(raw: Raw, data: st.DataObject) -> None:
    dag = build_dag(columns(raw, 100))
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    starts = earliest_starts(dag, costs)
    ends = [start + cost for start, cost in zip(starts, costs, strict=True)]
    path = critical_path(dag, costs)
    assert max(ends, default=0) == path.cost
    assert path.cost <= barrier_clock(dag.waves, costs).starts[-1]
    edges: list[tuple[int, int]] = dag.edges.tolist()
    assert all(ends[a] <= starts[b] for a, b in edges)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=20), st.integers(1, 7))
def test_what_runs_adds_up_to_the_costs(runs: list[tuple[int, int]], parts: int) -> None:
    starts = [start for start, _ in runs]
    ends = [start + cost for start, cost in runs]
    running = mean_running(starts, ends, (0, 40), parts)
    assert (running.sum() * 40 / parts) == pytest.approx(sum(cost for _, cost in runs))


def test_an_average_is_of_its_part_alone() -> None:
    assert mean_running([0, 0, 5], [10, 5, 10], (0, 10), 4).tolist() == [2, 2, 2, 2]
    assert mean_running([0, 3], [4, 4], (0, 8), 4).tolist() == [1, 1.5, 0, 0]
