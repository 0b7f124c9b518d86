"""First in, first out: what the queues of the unified scheduler do, start for start."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag
from sealane.scheduler.simulation.policies.fifo import fifo
from sealane.scheduler.simulation.timeline import Timeline
from sealane.scheduler.simulation.workload import Workload

from ...shapes import Raw, blocks, columns, drawn
from .usage_queues import starts_by_queues


def run(texts: list[str], costs: list[int], workers: int) -> Timeline:
    return fifo(Workload(build_dag(drawn(*texts)), costs, [0] * len(texts)), workers)


def test_the_first_in_the_file_starts_first_however_long_the_path_behind_another() -> None:
    """0: W a alone. 1 ── 2 on b. `dataflow` would begin with 1.

    worker 0   0──2
    worker 1   1
    """
    assert run(["Wa", "Wb", "Wb"], [3, 1, 5], 1).starts == [0, 3, 4]


def test_consecutive_reads_share_a_lock_and_do_not_pass_a_write() -> None:
    """0: W a ── 1, 2: R a ── 3: W a ── 4: R a; four workers."""
    found = run(["Wa", "Ra", "Ra", "Wa", "Ra"], [1, 2, 3, 1, 1], 4)
    assert found.starts == [0, 1, 1, 4, 5]


def test_what_holds_one_of_two_locks_keeps_it() -> None:
    """0: W a, 5 ── 1: W a W b, 1 ── 2: W b, 1: b is free, and yet 2 waits for its turn."""
    assert run(["Wa", "Wa Wb", "Wb"], [5, 1, 1], 2).starts == [0, 5, 6]


@given(blocks(), st.integers(1, 5), st.data())
def test_queues_and_dag_say_the_same(raw: Raw, workers: int, data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    block = Workload(build_dag(columns(raw, 100)), costs, [0] * len(raw))
    assert fifo(block, workers).starts == starts_by_queues(raw, costs, workers)
