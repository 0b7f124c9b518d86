"""Locks that know threads, after agave's tests, and the choice of a thread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler.access import ADD, READ, WRITE
from sealane.scheduler.pool.pool import KINDS
from sealane.scheduler.pool.thread_locks import ThreadLocks
from sealane.scheduler.pool.threads import least_loaded

from ...real_data import scheduler_cases
from .scheduling_case import Case

ANY = 0b1111
NONE = 0
KIND_OF = {"read": READ, "write": WRITE}


def lock(account: int, kind: int) -> int:
    return KINDS * account + kind


def held(*given: tuple[int, int, int]) -> ThreadLocks:
    """Locks of two accounts among four threads: (account, kind, thread) each."""
    locks = ThreadLocks(4, 2 * KINDS)
    for account, kind, thread in given:
        locks.lock([lock(account, kind)], thread)
    return locks


UPSTREAM = [
    {
        "name": "try_lock_accounts_none",
        "held": [["read", "k1", 2], ["read", "k1", 3]],
        "writes": ["k1"],
        "reads": ["k2"],
        "result": "MultipleConflicts",
    },
    {
        "name": "try_lock_accounts_multiple",
        "held": [["read", "k2", 0], ["read", "k2", 0]],
        "writes": ["k1"],
        "reads": ["k2"],
        "allowed": [1, 2, 3],
        "result": 1,
    },
    {
        "name": "try_lock_accounts_thread_not_allowed",
        "held": [["write", "k1", 0]],
        "writes": ["k1"],
        "reads": [],
        "allowed": [1, 2, 3],
        "result": "ThreadNotAllowed",
    },
    {
        "name": "try_lock_accounts_any",
        "held": [],
        "writes": ["k1"],
        "reads": ["k2"],
        "result": 0,
    },
]


@pytest.mark.parametrize(
    "case", [*scheduler_cases("thread_locks"), *UPSTREAM], ids=lambda case: case["name"]
)
def test_a_case_comes_out(case: Case) -> None:
    """The lowest thread that could take the locks; else why none may, or None."""
    names = sorted({*case["writes"], *case["reads"], *(name for _, name, _ in case["held"])})
    threads: int = case.get("threads", 4)
    locks = ThreadLocks(threads, KINDS * len(names))
    for kind, name, thread in case["held"]:
        locks.lock([lock(names.index(name), KIND_OF[kind])], thread)
    wanted = [lock(names.index(name), WRITE) for name in case["writes"]]
    wanted += [lock(names.index(name), READ) for name in case["reads"]]
    could = locks.threads_for(wanted)
    may = [t for t in case.get("allowed", range(threads)) if could >> t & 1]
    why_not = "ThreadNotAllowed" if could else "MultipleConflicts"
    assert case["result"] in (may[:1] or [None, why_not])


@pytest.mark.parametrize("case", scheduler_cases("select_thread"), ids=lambda case: case["name"])
def test_a_thread_is_selected_as_upstream(case: Case) -> None:
    def both(batch: str, in_flight: str) -> list[int]:
        return [sum(pair) for pair in zip(case[batch], case[in_flight], strict=True)]

    costs = both("batch_cus", "in_flight_cus")
    counts = both("batch_counts", "in_flight_counts")
    threads = sum(1 << thread for thread in case["thread_set"])
    assert least_loaded(threads, costs, counts) == case["expected"]


@pytest.mark.parametrize(
    ("given", "for_write", "for_read"),
    [
        ([], ANY, ANY),
        ([(0, WRITE, 2)], 0b0100, 0b0100),
        ([(0, READ, 2)], 0b0100, ANY),
        ([(0, READ, 2), (0, READ, 0)], NONE, ANY),
        ([(0, READ, 2), (0, WRITE, 2)], 0b0100, 0b0100),
        ([(0, ADD, 1)], 0b0010, 0b0010),
        ([(0, ADD, 1), (0, ADD, 3)], NONE, NONE),
    ],
)
def test_who_may_lock_what_others_hold(
    given: list[tuple[int, int, int]], for_write: int, for_read: int
) -> None:
    locks = held(*given)
    assert locks.threads_for([lock(0, WRITE), lock(1, WRITE)]) == for_write
    assert locks.threads_for([lock(0, READ), lock(1, READ)]) == for_read


def test_adds_go_anywhere_beside_adds() -> None:
    assert held((0, ADD, 1), (0, ADD, 3)).threads_for([lock(0, ADD)]) == ANY
    assert held((0, READ, 1)).threads_for([lock(0, ADD)]) == 0b0010


def test_two_accounts_of_two_threads_go_nowhere() -> None:
    locks = held((0, WRITE, 1), (1, WRITE, 2))
    assert locks.threads_for([lock(0, WRITE), lock(1, WRITE)]) == NONE


def test_a_lock_taken_twice_is_free_when_both_are_back() -> None:
    locks = held((0, WRITE, 1), (0, WRITE, 1))
    assert locks.unlock([lock(0, WRITE)], 1) == []
    assert locks.threads_for([lock(0, READ)]) == 0b0010
    assert locks.unlock([lock(0, WRITE)], 1) == [lock(0, kind) for kind in (READ, WRITE, ADD)]
    assert locks.threads_for([lock(0, READ)]) == ANY


held_locks = st.tuples(st.integers(0, 1), st.sampled_from([READ, WRITE, ADD]), st.integers(0, 3))


@given(st.lists(held_locks, max_size=12), st.lists(st.integers(0, 5), max_size=3, unique=True))
def test_no_two_threads_ever_hold_what_conflicts(
    tries: list[tuple[int, int, int]], wanted: list[int]
) -> None:
    """And all that is given back leaves nothing behind."""
    locks = ThreadLocks(4, 2 * KINDS)
    given_out: list[tuple[int, int]] = []
    for account, kind, thread in tries:
        one = lock(account, kind)
        if locks.threads_for([one]) >> thread & 1:
            locks.lock([one], thread)
            given_out.append((one, thread))
    for one, thread in given_out:
        for other, other_thread in given_out:
            if one // KINDS == other // KINDS and thread != other_thread:
                assert one == other
                assert one % KINDS != WRITE
    for one, thread in given_out:
        locks.unlock([one], thread)
    assert locks.threads_for(wanted) == ANY
