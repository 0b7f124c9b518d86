"""The greedy scheduler, batch for batch as agave's tests have it."""

from __future__ import annotations

import doctest
import sys

import pytest

from sealane.scheduler import AccessLists
from sealane.scheduler.pool import GreedyLimits, GreedyScheduler, Pool

from ...real_data import scheduler_cases
from ..shapes import drawn
from . import upstream_cases
from .scheduling_case import Case, require

CASES = [case for case in scheduler_cases("cases") if case["policy"] == "greedy"]


def greedy(access: AccessLists, threads: int, costs: list[int], cost_max: int) -> GreedyScheduler:
    pool = Pool.ordered(access, costs, [0] * len(access))
    return GreedyScheduler(pool, threads, GreedyLimits(queued_cost=cost_max))


@pytest.mark.parametrize("case", [*CASES, *upstream_cases.GREEDY], ids=lambda case: case["name"])
def test_a_case_comes_out(case: Case) -> None:
    require(case)


def test_a_full_batch_sends_all_batches() -> None:
    """64 for thread 0 are reached first, with 64 for thread 1 but one."""
    pool = Pool.ordered(drawn(*[""] * 129), [1] * 129, [0] * 129)
    found = GreedyScheduler(pool, 2).schedule()
    assert [(batch.thread, len(batch.ranks)) for batch in found.batches] == [
        (0, 64),
        (1, 63),
        (0, 1),
        (1, 1),
    ]


def test_what_is_in_flight_counts_for_the_choice_of_a_thread_and_for_its_limit() -> None:
    """Of 10 for each of two threads: 0 is sent 10, 1 is sent 4; then only 1 has room, until 12."""
    scheduler = greedy(drawn("Wa", "Wb", "Wc", "Wd"), 2, [10, 4, 8, 1], 20)
    first = scheduler.schedule()
    assert [(batch.thread, batch.ranks) for batch in first.batches] == [(0, (0,)), (1, (1, 2))]
    assert scheduler.schedule().batches == ()
    scheduler.complete(first.batches[0])
    assert [(batch.thread, batch.ranks) for batch in scheduler.schedule().batches] == [(0, (3,))]


def test_what_waits_for_a_full_thread_is_no_conflict() -> None:
    """0 fills the thread that holds a; 1 may go nowhere else, while 2 may."""
    found = greedy(drawn("Wa", "Wa", "Wb"), 2, [10, 1, 1], 20).schedule()
    assert [(batch.thread, batch.ranks) for batch in found.batches] == [(0, (0,)), (1, (2,))]
    assert (found.unschedulable_conflicts, found.unschedulable_threads) == (0, 1)


def test_reads_of_one_account_go_anywhere_and_a_write_after_them_nowhere() -> None:
    found = greedy(drawn("Ra Wb", "Ra Wc", "Wa"), 2, [1, 1, 1], 100).schedule()
    assert [(batch.thread, batch.ranks) for batch in found.batches] == [(0, (0,)), (1, (1,))]
    assert found.unschedulable_conflicts == 1


def test_the_example_runs() -> None:
    assert doctest.testmod(sys.modules["sealane.scheduler.pool.greedy"]).failed == 0
