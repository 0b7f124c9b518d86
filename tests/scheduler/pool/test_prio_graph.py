"""The prio-graph scheduler, batch for batch as agave's tests have it."""

from __future__ import annotations

import pytest

from sealane.scheduler.pool import Pass, Pool, PrioGraphLimits, PrioGraphScheduler
from sealane.scheduler.pool.graph_levels import GraphLevels

from ...real_data import scheduler_cases
from ..shapes import drawn
from . import upstream_cases
from .scheduling_case import Case, require

CASES = [case for case in scheduler_cases("cases") if case["policy"] == "prio_graph"]


def batches(found: Pass, thread: int) -> list[tuple[int, ...]]:
    return [batch.ranks for batch in found.batches if batch.thread == thread]


@pytest.mark.parametrize(
    "case", [*CASES, *upstream_cases.PRIO_GRAPH], ids=lambda case: case["name"]
)
def test_a_case_comes_out(case: Case) -> None:
    require(case)


def test_priority_guard() -> None:
    """With a window of two, so that 0 and 1 are on their way before 4 is seen.

    0: W a b ──▶ 4: W b c ──▶ 5: W c d      4 needs both threads' accounts. 5 needs only those of
    1: W c d ──▶ 4                          thread 1, but must not overtake 4.
    2: W e f, 3: W g h
    """
    access = drawn("Wa Wb", "Wc Wd", "We Wf", "Wg Wh", "Wb Wc", "Wc Wd")
    pool = Pool.ordered(access, [5000] * 6, [6, 5, 4, 3, 2, 1])
    scheduler = PrioGraphScheduler(pool, 2, PrioGraphLimits(window=2))
    first = scheduler.schedule()
    assert (batches(first, 0), batches(first, 1)) == ([(0,), (2,)], [(1,), (3,)])
    assert (first.scheduled, first.unschedulable_conflicts) == (4, 2)
    second = scheduler.schedule()
    assert (second.scheduled, second.unschedulable_conflicts) == (0, 2)
    scheduler.complete(first.batches[0])
    third = scheduler.schedule()
    assert (batches(third, 0), batches(third, 1)) == ([], [(4,), (5,)])
    assert (third.scheduled, third.unschedulable_conflicts) == (2, 0)


def test_a_full_batch_is_sent_alone_and_a_level_at_its_end() -> None:
    """65 on one thread and 64 on the other: the first batch is sent when it is full."""
    pool = Pool.ordered(drawn(*[""] * 129), [1] * 129, [0] * 129)
    found = PrioGraphScheduler(pool, 2).schedule()
    assert [(batch.thread, len(batch.ranks)) for batch in found.batches] == [
        (0, 64),
        (1, 64),
        (0, 1),
    ]


def test_a_pass_that_has_begun_does_not_spare_full_threads() -> None:
    """As upstream: when all threads are full, the level ends, and the next goes on."""
    pool = Pool.ordered(drawn("Wa", "Wb", "Wc"), [5, 5, 5], [0, 0, 0])
    scheduler = PrioGraphScheduler(pool, 1, PrioGraphLimits(queued_cost=10))
    assert [batch.ranks for batch in scheduler.schedule().batches] == [(0, 1), (2,)]
    assert scheduler.schedule() == Pass()


def levels(*texts: str) -> list[list[int]]:
    """What is popped together, if everything is inserted first."""
    graph = GraphLevels(Pool.ordered(drawn(*texts), [1] * len(texts), [0] * len(texts)).locks)
    for rank in range(len(texts)):
        graph.insert(rank)
    found: list[list[int]] = []
    while graph:
        level: list[int] = []
        while (rank := graph.pop()) is not None:
            level.append(rank)
        for rank in level:
            graph.unblock(rank)
        found.append(level)
    return found


def test_levels_of_queues_joins_and_forks() -> None:
    """After the tests of prio-graph, with ranks instead of priorities.

    0 ──▶ 1 ──┬──▶ 2 ──────────┬──▶ 5 ──┬──▶ 6
              └──▶ 3 ──▶ 4 ────┘        └──▶ 7
    """
    assert levels("Wa", "Wa", "Wa") == [[0], [1], [2]]
    assert levels("Wa", "Wb", "Wc", "Wa", "Wb") == [[0, 1, 2], [3, 4]]
    assert levels("Wa", "Wb", "Wb", "Wa", "Wa Wb", "Wa Wb") == [[0, 1], [2, 3], [4], [5]]
    forks = levels("Wa Wb", "Wa Wb", "Wa", "Wb", "Wb", "Wa Wb", "Wa", "Wb")
    assert forks == [[0], [1], [2, 3], [4], [5], [6, 7]]


def test_levels_of_reads() -> None:
    assert levels("Wa", "Ra", "Ra", "Wa") == [[0], [1, 2], [3]]
    assert levels("Ra", "Ra", "Wa", "Ra") == [[0, 1], [2], [3]]


def test_what_is_inserted_behind_something_popped_waits_until_that_is_unblocked() -> None:
    """0 ── 1 on a: 1 is on top at once only if 0 was unblocked before."""
    graph = GraphLevels(Pool.ordered(drawn("Wa", "Wa", "Wa"), [1] * 3, [0] * 3).locks)
    graph.insert(0)
    assert graph.pop() == 0
    graph.insert(1)
    assert not graph
    graph.unblock(0)
    assert graph.pop() == 1
    graph.unblock(1)
    graph.insert(2)
    assert graph.drain() == [2]
