"""Access lists with changed locks, or fewer transactions, beside a block written in that way."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sealane.scheduler import (
    AccessLists,
    blocking_accounts,
    build_dag,
    conflicts_between,
    critical_path,
)
from sealane.scheduler.causes.path_conflicts import step_conflicts
from sealane.scheduler.what_if import (
    commutative,
    read_only,
    split,
    split_each,
    with_locks,
    without_accounts,
    without_transactions,
)

from .shapes import Raw, blocks, columns, drawn


def equal(left: AccessLists, right: AccessLists) -> bool:
    return (
        left.offsets.tolist() == right.offsets.tolist()
        and left.accounts.tolist() == right.accounts.tolist()
        and left.writes.tolist() == right.writes.tolist()
        and left.account_count == right.account_count
    )


@given(blocks(), st.data())
def test_what_is_left_is_the_block_written_without_the_rest(raw: Raw, data: st.DataObject) -> None:
    accounts = np.array(data.draw(st.lists(st.booleans(), min_size=100, max_size=100)), np.bool_)
    gone = data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw)))
    access = columns(raw, 100)
    unlocked: Raw = [[each for each in row if not accounts[each[0]]] for row in raw]
    assert equal(without_accounts(access, accounts), columns(unlocked, 100))
    kept: Raw = [row for row, is_gone in zip(raw, gone, strict=True) if not is_gone]
    assert equal(without_transactions(access, np.array(gone, np.bool_)), columns(kept, 100))


@given(blocks(), st.lists(st.booleans(), min_size=100, max_size=100))
def test_read_only_accounts_are_written_by_nobody(raw: Raw, chosen: list[bool]) -> None:
    accounts = np.array(chosen, np.bool_)
    by_hand: Raw = [[(a, is_write and not chosen[a]) for a, is_write in row] for row in raw]
    assert equal(read_only(columns(raw, 100), accounts), columns(by_hand, 100))


@given(blocks(), st.integers(1, 5))
def test_a_split_account_is_the_block_written_with_its_parts(raw: Raw, parts: int) -> None:
    """Writers take turns; a reader reads all parts. Parts 1 … are accounts 100, 101, …"""
    ids = [0, *range(100, 99 + parts)]
    by_hand: Raw = []
    writers = 0
    for row in raw:
        strongest = {a: max(w for b, w in row if b == a) for a, _ in row}
        written: list[tuple[int, bool]] = []
        for account, is_write in strongest.items():
            if account != 0:
                written.append((account, is_write))
            elif is_write:
                written.append((ids[writers % parts], True))
                writers += 1
            else:
                written += [(part, False) for part in ids]
        by_hand.append(written)
    assert equal(split(columns(raw, 100), 0, parts), columns(by_hand, 99 + parts))


def test_an_account_is_split_into_one_part_at_least() -> None:
    with pytest.raises(ValueError, match="0 parts: an account is split into one at least"):
        split(drawn("Wa"), 0, 0)


def test_adds_wait_for_reads_and_reads_for_adds() -> None:
    """0 and 1 add to a, 2 and 3 read it, 4 adds, 5 writes b alone.

    0 ┬▶ 2 ┬▶ 4
    1 ┴▶ 3 ┘
    """
    access = commutative(drawn("Wa", "Wa", "Ra", "Ra", "Wa", "Wb"), chosen("a"))
    dag = build_dag(access)
    assert dag.edges.tolist() == [[0, 2], [0, 3], [1, 2], [1, 3], [2, 4], [3, 4]]
    assert [wave.tolist() for wave in dag.waves] == [[0, 1, 5], [2, 3], [4]]
    assert [each.kind.value for each in conflicts_between(access, 0, 2)] == ["read after add"]
    assert [each.kind.value for each in conflicts_between(access, 2, 4)] == ["add after read"]
    assert conflicts_between(access, 0, 4) == []


@given(blocks(), st.lists(st.booleans(), min_size=100, max_size=100))
def test_adds_are_ordered_as_all_their_conflicts_demand(raw: Raw, chosen: list[bool]) -> None:
    """Against all pairs: levels, conflicts, bottlenecks, and the critical path's conflicts."""
    access = commutative(columns(raw, 100), np.array(chosen, np.bool_))
    rows = [
        {a: "A" if w and chosen[a] else "W" if w else "R" for a, w in sorted(row)} for row in raw
    ]
    pairs = {
        (i, j): shared
        for j in range(len(rows))
        for i in range(j)
        if (shared := _conflict_accounts(rows[i], rows[j]))
    }
    levels = [0] * len(rows)
    for i, j in pairs:
        levels[j] = max(levels[j], levels[i] + 1)
    dag = build_dag(access)
    assert dag.waves.wave_of.tolist() == levels
    assert _pairs(dag.edges) <= pairs.keys()
    assert {
        (i, j): {each.account for each in conflicts_between(access, i, j)} for i, j in pairs
    } == pairs
    blocked = {
        (later, account)
        for (earlier, later), shared in pairs.items()
        for account in shared
        if levels[earlier] == levels[later] - 1
    }
    assert _pairs(blocking_accounts(access, dag.waves)) == blocked
    path = critical_path(dag, np.ones(len(rows), np.int64)).transactions
    steps = {(n, a) for n, pair in enumerate(pairwise(path)) for a in pairs[pair]}
    assert _pairs(step_conflicts(access, path)) == steps


def _conflict_accounts(earlier: dict[int, str], later: dict[int, str]) -> set[int]:
    shared = earlier.keys() & later.keys()
    return {a for a in shared if earlier[a] + later[a] not in ("AA", "RR")}


def _pairs(rows: NDArray[Any]) -> set[tuple[int, int]]:
    return {(first, second) for first, second in rows.tolist()}


def chosen(accounts: str) -> NDArray[np.bool_]:
    flags = np.zeros(26, np.bool_)
    flags[[ord(name) - ord("a") for name in accounts]] = True
    return flags


@given(blocks(), st.sets(st.integers(0, 11)), st.integers(1, 4))
def test_splitting_several_is_splitting_one_after_another(
    raw: Raw, accounts: set[int], parts: int
) -> None:
    access = columns(raw, 100)
    chosen = [account in accounts for account in range(100)]
    expected = access
    for account in np.flatnonzero(chosen).tolist():
        expected = split(expected, account, parts)
    assert equal(split_each(access, np.array(chosen, np.bool_), parts), expected)


@given(blocks(), st.data())
def test_changed_locks_are_those_of_a_block_written_anew(raw: Raw, data: st.DataObject) -> None:
    access = columns(raw, 100)
    lock = st.sampled_from([True, False, None])
    places = st.tuples(st.integers(0, max(0, len(raw) - 1)), st.integers(0, 101))
    locks = data.draw(st.dictionaries(places, lock, max_size=8)) if raw else {}
    written = [strongest(row) for row in raw]
    for (position, account), write in locks.items():
        written[position].pop(account, None)
        if write is not None:
            written[position][account] = write
    changed = with_locks(access, locks)
    expected = columns([list(row.items()) for row in written], 102)
    assert [by_account(changed, p) for p in range(len(raw))] == written
    assert build_dag(changed).edges.tolist() == build_dag(expected).edges.tolist()


def strongest(row: list[tuple[int, bool]]) -> dict[int, bool]:
    locks: dict[int, bool] = {}
    for account, write in row:
        locks[account] = locks.get(account, False) or write
    return locks


def by_account(access: AccessLists, position: int) -> dict[int, bool]:
    accounts, writes = access.of(position)
    return dict(zip(accounts.tolist(), writes.tolist(), strict=True))
