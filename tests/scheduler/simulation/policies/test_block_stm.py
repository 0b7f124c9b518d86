"""Optimistic execution: what is aborted, when, and who waits for what was aborted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag
from sealane.scheduler.simulation.policies.block_stm import block_stm
from sealane.scheduler.simulation.timeline import Run, Timeline
from sealane.scheduler.simulation.workload import Workload

from ...shapes import Raw, blocks, columns, drawn


def run(texts: list[str], costs: list[int], workers: int) -> Timeline:
    return block_stm(Workload(build_dag(drawn(*texts)), costs, [0] * len(texts)), workers)


def test_one_worker_aborts_nothing() -> None:
    found = run(["Wa", "Wa", "Ra"], [1, 2, 3], 1)
    assert found.starts == [0, 1, 3]
    assert found.aborted == []


def test_what_began_too_early_is_aborted_when_its_input_changes() -> None:
    """0 ── 1 on a.

    worker 0   0──1──────
    worker 1   1✗
    """
    found = run(["Wa", "Wa"], [2, 5], 2)
    assert found.aborted == [Run(1, 1, 0, 2)]
    assert (found.starts, found.ends, found.makespan) == ([0, 2], [2, 7], 7)


def test_what_ended_too_early_is_repeated() -> None:
    """0 ── 1 on a; the short one has long ended when the long one does."""
    found = run(["Wa", "Ra"], [5, 1], 2)
    assert found.aborted == [Run(1, 1, 0, 1)]
    assert found.ends == [5, 6]


def test_whatever_conflicts_with_an_aborted_one_waits_for_it() -> None:
    """0 ── 1 ── 2 on a, 3 on b. At 2, 1 and 2 are aborted, and 2 waits for the second try of 1.

    worker 0   0──1──2──
    worker 1   1✗ 3──
    worker 2   2✗
    """
    found = run(["Wa", "Wa", "Wa", "Wb"], [2, 2, 2, 2], 3)
    assert found.aborted == [Run(1, 1, 0, 2), Run(2, 2, 0, 2)]
    assert found.starts == [0, 2, 4, 2]


def test_what_built_on_an_aborted_one_is_aborted_with_it() -> None:
    """0: W a, 9 ── 1: W a W b, 1 ── 2: R b, 2: at 9, the second try of 2 goes down with 1."""
    found = run(["Wa", "Wa Wb", "Rb"], [9, 1, 2], 3)
    assert found.aborted == [Run(2, 2, 0, 1), Run(1, 1, 0, 1), Run(2, 1, 1, 3)]
    assert found.ends == [9, 10, 12]


@given(blocks(), st.integers(1, 6), st.data())
def test_every_final_execution_has_its_final_input(
    raw: Raw, workers: int, data: st.DataObject
) -> None:
    """And every aborted one did not: a conflicting one before it ended after it had begun."""
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    dag = build_dag(columns(raw, 100))
    found = block_stm(Workload(dag, costs, [0] * len(raw)), workers)
    edges: list[tuple[int, int]] = dag.edges.tolist()
    assert all(found.starts[later] >= found.ends[earlier] for earlier, later in edges)
    last_input = [0] * len(raw)
    for earlier, later in edges:
        last_input[later] = max(last_input[later], found.ends[earlier])
    for each in found.aborted:
        assert each.start < last_input[each.position]
        assert each.end - each.start <= costs[each.position]
    _require_one_at_a_time([*found.runs(), *found.aborted], workers)


def _require_one_at_a_time(runs: list[Run], workers: int) -> None:
    free = [0] * workers
    for each in sorted(runs, key=lambda run: (run.start, run.end)):
        assert each.start == each.end or each.start >= free[each.worker]
        free[each.worker] = max(free[each.worker], each.end)


@given(st.integers(1, 30))
def test_with_a_worker_each_all_but_the_first_of_a_chain_run_twice(length: int) -> None:
    found = run(["Wa"] * length, [3] * length, length)
    assert found.makespan == 3 * length
    assert sorted(each.position for each in found.aborted) == list(range(1, length))
