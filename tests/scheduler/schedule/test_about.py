"""What a block's transactions and accounts are called and belong to, against slow answers."""

from __future__ import annotations

import pickle
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.schedule.about import About
from sealane.scheduler.schedule.belonging import Belonging, Owner
from sealane.scheduler.schedule.calls import Calls

PROGRAMS = ("swap", "token", "budget")
LITTLE = {"token": 1, "budget": 2}

# what each of a few transactions calls (indexes of PROGRAMS), and which of five accounts it locks
Made = list[tuple[list[int], list[int]]]
made = st.lists(
    st.tuples(
        st.lists(st.integers(0, 2), max_size=4),
        st.lists(st.integers(0, 4), max_size=4, unique=True),
    ),
    max_size=12,
)


def about_of(block: Made) -> About:
    offsets = np.cumsum([0, *(len(calls) for calls, _ in block)], dtype=np.int64)
    programs = np.array([each for calls, _ in block for each in calls], dtype=np.uint32)
    names = [f"{PROGRAMS[each]}.{n}" for n, each in enumerate(programs.tolist())]
    calls = Calls.of(offsets, programs, PROGRAMS, names)
    access = AccessLists.from_columns(
        np.cumsum([0, *(len(locks) for _, locks in block)]),
        [each for _, locks in block for each in locks],
        np.ones(sum(len(locks) for _, locks in block), dtype=np.bool_),
        5,
    )
    payers = np.array([locks[0] if locks else -1 for _, locks in block], dtype=np.int64)
    count = len(block)
    return About(
        payers=payers,
        priorities=np.arange(count, dtype=np.int64),
        own_cost=np.arange(count) % 4 == 0,
        is_vote=np.arange(count) % 2 == 0,
        failed=np.arange(count) % 3 == 0,
        called=calls,
        accounts=Belonging(
            list("abcde"),
            access,
            np.full(count, -1, dtype=np.int64),
            calls,
            incidental=LITTLE,
            labels={"swap": "the Swap"},
        ),
        phrases=[f"from {n}" for n in range(count)],
    )


@given(made, st.data())
def test_what_is_known_of_a_transaction_is_kept_with_it(block: Made, data: st.DataObject) -> None:
    about = about_of(block)
    kept = np.array([data.draw(st.booleans()) for _ in block], dtype=np.bool_)
    fewer = about.kept(kept)
    places = np.flatnonzero(kept).tolist()
    assert fewer.calls == [about.calls[place] for place in places]
    assert fewer.programs == [about.programs[place] for place in places]
    phrases = [fewer.phrase(place) for place in range(len(places))]
    assert phrases == [f"from {place}" for place in places]
    for name in ("payers", "priorities", "own_cost", "is_vote", "failed"):
        assert getattr(fewer, name).tolist() == [getattr(about, name)[place] for place in places]
    for program in PROGRAMS:
        calling = [program in about.programs[place] for place in places]
        assert fewer.called.calling(program).tolist() == calling
    assert [*map(fewer.belongs_to, range(5))] == [*map(about.belongs_to, range(5))]


@given(made)
def test_programs_stand_in_order_and_once(block: Made) -> None:
    about = about_of(block)
    named = [tuple(dict.fromkeys(PROGRAMS[each] for each in calls)) for calls, _ in block]
    assert about.programs == named
    assert sum(map(len, about.calls)) == len(about.called)


@given(made)
def test_an_account_is_used_by_the_program_that_most_call(block: Made) -> None:
    about = about_of(block)
    for account in range(5):
        counts = Counter(
            program for calls, locks in block if account in locks for program in set(calls)
        )
        little = {program: LITTLE.get(PROGRAMS[program], 0) for program in counts}
        best = min(counts, key=lambda p: (little[p], -counts[p], p), default=None)
        user = "" if best is None else about.accounts.called(PROGRAMS[best])
        assert about.belongs_to(account) == (f"used by {user}" if user else "")


def test_the_first_that_is_known_of_an_account_is_said() -> None:
    calls = Calls.of(np.array([0, 1]), np.zeros(1, dtype=np.uint32), ("swap",), ("swap.now",))
    access = AccessLists.from_columns([0, 5], range(5), np.ones(5, dtype=np.bool_), 6)
    owners = {0: Owner("token", "usdc", "alice"), 1: Owner("token", "usdc"), 2: Owner("token")}
    payers = np.array([3])
    names = ["a", "b", "c", "payer", "swap", "untouched"]
    known = Belonging(names, access, payers, calls, {"usdc": "USDC", "token": "Token"}, owners)
    assert [known.of(account) for account in range(6)] == [
        "token account of USDC, owner alice",
        "token account of USDC",
        "owned by Token",
        "pays for 1 transaction",
        "a program",
        "",
    ]
    assert known.of(6) == "", "an account that only a what-if has"


def test_of_bare_locks_nothing_is_known() -> None:
    schedule = Schedule.from_sets([([], ["alice"]), ([], ["bob"])])
    about = pickle.loads(pickle.dumps(schedule.about))
    assert about.payers.tolist() == [-1, -1]
    assert about.calls == about.programs == [(), ()]
    assert about.failed is None
    assert about.label("alice") is None
    assert about.belongs_to(0) == ""
    assert len(schedule.without("t0").about) == 1
    assert repr(about) == "<About 2 transactions, 0 instructions>"


@pytest.mark.slow
def test_ten_thousand_transactions_are_told_of_at_once() -> None:
    """In 20 ms here; an account at a time, or a transaction, would take seconds."""
    count = 10_000
    about = about_of([([n % 3, 0], [n % 5, (n + 1) % 5]) for n in range(count)])
    begun = time.process_time()
    assert len(about.accounts.users) == 5
    assert len(about.kept(about.is_vote).calls) == count // 2
    assert time.process_time() - begun < 1
