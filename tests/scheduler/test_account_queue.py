"""The queue of one account: its longest run, with the critical path of a DAG as the oracle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag, critical_path
from sealane.scheduler.account_queue import QueuedLock, longest_run

from .shapes import columns


def test_reads_between_two_writes_count_as_the_costliest() -> None:
    """0 W 1 ── 1 R 5 ┬─ 3 W 1 ── 4 R 2
    └──── 2 R 7 ───┘"""
    locks = [(0, True, 1), (1, False, 5), (2, False, 7), (3, True, 1), (4, False, 2)]
    assert longest_run([QueuedLock(*lock) for lock in locks]) == ((0, 2, 3, 4), 11)


def test_an_account_that_nobody_locks() -> None:
    assert longest_run([]) == ((), 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=40))
def test_the_run_is_the_critical_path_of_a_block_with_no_other_account(
    locks: list[tuple[bool, int]],
) -> None:
    access = columns([[(0, is_write)] for is_write, _ in locks], 1)
    costs = [cost for _, cost in locks]
    found = longest_run([QueuedLock(position, *lock) for position, lock in enumerate(locks)])
    assert found.cost == critical_path(build_dag(access), costs).cost
    assert found.cost == sum(costs[position] for position in found.transactions)
