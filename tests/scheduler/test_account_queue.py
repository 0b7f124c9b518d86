"""The queue of one account: who is in it, and its longest run, worked out by hand and in turn."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists
from sealane.scheduler.access import ADD, READ, WRITE
from sealane.scheduler.account_queue import QueuedLock, account_queue, longest_run

from . import path_oracle as oracle
from .path_oracle import PathBlock, is_below, path_blocks, related


def queue_of(kinds: str) -> AccessLists:
    """Transactions that lock x in these ways, each beside an account of its own."""
    accounts = [account for place in range(len(kinds)) for account in (place + 1, 0)]
    return AccessLists.from_columns(
        np.arange(len(kinds) + 1) * 2,
        accounts,
        np.array([flag for kind in kinds for flag in (True, kind == "W")], dtype=np.bool_),
        len(kinds) + 1,
        np.array([flag for kind in kinds for flag in (False, kind == "A")], dtype=np.bool_),
    )


def test_reads_between_two_writes_count_as_the_costliest() -> None:
    """0 W 1 ── 1 R 5 ┬─ 3 W 1 ── 4 R 2
    └──── 2 R 7 ───┘"""
    access = queue_of("WRRWR")
    assert longest_run(access, 0, np.array([1, 5, 7, 1, 2])) == ((0, 2, 3, 4), 11)
    assert [lock.kind for lock in account_queue(access, 0)] == [WRITE, READ, READ, WRITE, READ]


def test_adds_take_turns_with_reads() -> None:
    """0 A 1, 1 A 4 ── 2 R 2 ── 3 A 3, 4 A 1"""
    access = queue_of("AARAA")
    assert longest_run(access, 0, np.array([1, 4, 2, 3, 1])) == ((1, 2, 3), 9)
    assert [lock.kind for lock in account_queue(access, 0)] == [ADD, ADD, READ, ADD, ADD]


def test_an_account_that_nobody_locks() -> None:
    access = AccessLists.from_columns([0, 1], [1], [True], 2)
    assert account_queue(access, 0) == []
    assert longest_run(access, 0, np.array([3])) == ((), 0)


@given(st.lists(st.tuples(st.sampled_from("RWA"), st.integers(1, 20)), max_size=40))
def test_the_run_has_each_write_and_the_costliest_of_what_runs_together(
    locks: list[tuple[str, int]],
) -> None:
    access = queue_of("".join(kind for kind, _ in locks))
    costs = [cost for _, cost in locks]
    expected = 0
    for kind, together in groupby(locks, key=lambda lock: lock[0]):
        each = [cost for _, cost in together]
        expected += sum(each) if kind == "W" else max(each)
    found = longest_run(access, 0, np.array(costs, dtype=np.int64))
    assert found.cost == expected == sum(costs[position] for position in found.transactions)


@given(path_blocks(), st.data())
def test_the_queue_of_a_path_has_what_is_above_and_below(
    block: PathBlock, data: st.DataObject
) -> None:
    access, names = AccessLists.from_paths(oracle.given(block))
    if not names:
        return
    asked = data.draw(st.sampled_from(names))
    rows = [
        {path: kind for path, kind in oracle.merged(row).items() if related(path, asked)}
        for row in block
    ]
    queue = account_queue(access, names.index(asked))
    assert {lock.position: {names[each] for each in lock.accounts} for lock in queue} == {
        position: set(row) for position, row in enumerate(rows) if row
    }
    for lock in queue:
        kinds = set(rows[lock.position].values())
        assert "RWA"[lock.kind] == (kinds.pop() if len(kinds) == 1 else "W")
    run = longest_run(access, names.index(asked), np.ones(len(rows), dtype=np.int64))
    assert run.cost == (oracle.longest(rows) if any(rows) else 0)
    assert all(
        is_below(names[each], asked) or is_below(asked, names[each])
        for lock in queue
        for each in lock.accounts
    )


def test_a_lock_says_which_accounts() -> None:
    access, names = AccessLists.from_paths([([], ["a/b", "c"]), (["a/d"], [], ["a"])])
    assert names == ["a", "a/b", "c", "a/d"]
    assert account_queue(access, 0) == [QueuedLock(0, WRITE, (1,)), QueuedLock(1, WRITE, (0, 3))]
