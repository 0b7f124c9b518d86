"""Blocks over paths, in every question that the scheduler answers, held to all pairs of texts."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.scheduler import (
    AccessLists,
    ConflictKind,
    Dag,
    NamedAccess,
    blocking_accounts,
    build_dag,
    conflicts_between,
    critical_path,
    hot_groups,
    knots,
)
from sealane.scheduler.access import ADD, READ, WRITE
from sealane.scheduler.advice.search import advise
from sealane.scheduler.causes.groups import account_groups
from sealane.scheduler.causes.path_conflicts import step_conflicts
from sealane.scheduler.one_change import LongestChain
from sealane.scheduler.picture.all_conflicts import list_conflicts
from sealane.scheduler.pool import Pool
from sealane.scheduler.pool.pool import conflicting
from sealane.scheduler.runs import EDGES_PER_JOINED_EDGE
from sealane.scheduler.what_if import (
    commutative,
    ordinary,
    read_only,
    split_each,
    with_locks,
    without_accounts,
)

from . import path_oracle as oracle
from .kinds import joining_from
from .path_oracle import PathBlock, is_below, path_blocks

WORDS = {"R": "read", "W": "write", "A": "add"}


def read(block: PathBlock) -> tuple[AccessLists, list[str], list[dict[str, str]]]:
    access, names = AccessLists.from_paths(oracle.given(block))
    return access, names, [oracle.merged(row) for row in block]


def rows_of(access: AccessLists, names: list[str]) -> list[dict[str, str]]:
    """The columns as written down: the kind of each access by path."""
    kinds = ["RWA"[kind] for kind in access.kinds_of(slice(None)).tolist()]
    rows: list[dict[str, str]] = [{} for _ in range(len(access))]
    triples = zip(access.positions.tolist(), access.accounts.tolist(), kinds, strict=True)
    for position, account, kind in triples:
        rows[position][names[account]] = kind
    return rows


def reachable(count: int, pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    graph: networkx.DiGraph[int] = networkx.DiGraph(pairs)
    graph.add_nodes_from(range(count))
    return set(networkx.transitive_closure(graph).edges)


def dag_pairs(dag: Dag) -> list[tuple[int, int]]:
    return [(earlier, later) for earlier, later in dag.every_edge().tolist()]


@pytest.fixture(
    params=[0, EDGES_PER_JOINED_EDGE], ids=["all joined", "joined if large"], scope="module"
)
def with_joins(request: pytest.FixtureRequest) -> Generator[None]:
    """Reads below and adds above meet in runs, which may be joins."""
    with joining_from(request.param):
        yield


@pytest.mark.parametrize(
    ("block", "waves"),
    [
        #  a ── a/b ── a/b/c: each is related to each
        ([[("W", "a")], [("W", "a/b")], [("W", "a/b/c")]], [[0], [1], [2]]),
        #  a/b and a/c are siblings; ab is no child of a
        ([[("W", "a/b")], [("W", "a/c")], [("W", "ab")]], [[0, 1, 2]]),
        #  all below a run together, and a read of a waits for all of them
        ([[("W", "a/b")], [("W", "a/c")], [("R", "a/*")], [("R", "a")]], [[0, 1], [2, 3]]),
        #  adds below a do not conflict with adds to a, but with reads of it
        ([[("A", "a/b")], [("A", "a")], [("R", "a")], [("A", "a/c")]], [[0, 1], [2], [3]]),
        #  the root is above everything
        ([[("W", "a")], [("W", "b/c")], [("W", "*")], [("R", "d")]], [[0, 1], [2], [3]]),
        #  a transaction does not conflict with itself, however it is related to itself
        ([[("W", "a"), ("R", "a/b")], [("R", "a/b"), ("A", "a/c")]], [[0], [1]]),
    ],
)
def test_by_hand(block: PathBlock, waves: list[list[int]]) -> None:
    dag = build_dag(read(block)[0])
    assert [wave.tolist() for wave in dag.waves] == waves


@given(path_blocks())
def test_names_and_kinds_are_kept_as_declared(block: PathBlock) -> None:
    access, names, rows = read(block)
    assert rows_of(access, names) == rows
    assert access.parents is not None
    for account, parent in enumerate(access.parents.tolist()):
        above = [
            name for name in names if name != names[account] and is_below(names[account], name)
        ]
        nearest = max(above, key=lambda name: name.count("/") + (name != "*"), default=None)
        assert (names[parent] if parent >= 0 else None) == nearest


@pytest.mark.usefixtures("with_joins")
@given(path_blocks())
def test_order_is_that_of_all_conflicting_pairs(block: PathBlock) -> None:
    access, _, rows = read(block)
    dag = build_dag(access)
    pairs = oracle.conflicting_pairs(rows)
    assert reachable(len(rows), dag_pairs(dag)) == reachable(len(rows), pairs)
    assert set(dag_pairs(dag)) <= set(pairs)
    assert dag.waves.wave_of.tolist() == oracle.levels(rows)
    listed = [(earlier, later) for earlier, later in list_conflicts(access, 1000).listed.tolist()]
    assert sorted(listed) == pairs


@given(path_blocks())
def test_conflicts_name_both_paths(block: PathBlock) -> None:
    access, names, rows = read(block)
    for earlier, later in combinations(range(len(rows)), 2):
        found = conflicts_between(access, earlier, later)
        named = {(names[each.account], names[each.upper], each.kind) for each in found}
        assert named == {
            (lower, upper, ConflictKind(f"{WORDS[kinds[1]]} after {WORDS[kinds[0]]}"))
            for lower, upper, kinds in oracle.conflicts(rows[earlier], rows[later])
        }
        assert len(found) == len(named)
        assert all(each.ancestor != each.account for each in found)


@given(path_blocks())
def test_the_upper_of_two_paths_blocks(block: PathBlock) -> None:
    access, names, rows = read(block)
    waves = build_dag(access).waves
    expected = {
        (j, upper)
        for i, j in oracle.conflicting_pairs(rows)
        if waves.wave_of[i] + 1 == waves.wave_of[j]
        for _, upper, _ in oracle.conflicts(rows[i], rows[j])
    }
    pairs = blocking_accounts(access, waves).tolist()
    assert {(position, names[account]) for position, account in pairs} == expected
    assert len(pairs) == len(expected)


@given(path_blocks(), st.data())
def test_locks_in_a_pool_conflict_as_the_paths_do(block: PathBlock, data: st.DataObject) -> None:
    access, _, rows = read(block)
    priorities = data.draw(
        st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)), label="priorities"
    )
    pool = Pool.ordered(access, [1] * len(rows), priorities)
    closed = [{other for lock in locks for other in conflicting(lock)} for locks in pool.locks]
    for one, other in combinations(range(len(rows)), 2):
        expected = bool(oracle.conflicts(rows[pool.positions[one]], rows[pool.positions[other]]))
        assert (not closed[one].isdisjoint(pool.locks[other])) == expected


@pytest.mark.usefixtures("with_joins")
@given(path_blocks(), st.data())
def test_one_change_equals_the_block_planned_anew(block: PathBlock, data: st.DataObject) -> None:
    access, _, rows = read(block)
    if not rows or not access.account_count:
        return
    position = data.draw(st.integers(0, len(rows) - 1), label="position")
    ids = st.integers(0, access.account_count)
    locks = data.draw(st.dictionaries(ids, st.sampled_from([READ, WRITE, ADD])), label="locks")
    mine, _ = access.of(position)
    given = {(position, account): None for account in mine.tolist()}
    changed = with_locks(access, given | {(position, a): kind for a, kind in locks.items()})
    chain = LongestChain(build_dag(access), [1] * len(rows))
    assert chain.length == oracle.longest(rows)
    assert chain.length_if(position, locks) == len(build_dag(changed).waves)


@pytest.mark.usefixtures("with_joins")
@given(path_blocks(), st.data())
def test_what_is_done_to_a_path_is_done_to_all_below(block: PathBlock, data: st.DataObject) -> None:
    access, names, rows = read(block)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(names), max_size=len(names)))
    mask = np.array(chosen, dtype=np.bool_)
    tops = [name for name, is_chosen in zip(names, chosen, strict=True) if is_chosen]

    def changed(kinds: Mapping[str, str | None]) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for row in rows:
            now = {
                path: kinds.get(kind, kind) if any(is_below(path, top) for top in tops) else kind
                for path, kind in row.items()
            }
            found.append({path: kind for path, kind in now.items() if kind is not None})
        return found

    for what_if, kinds in [
        (without_accounts, {"R": None, "W": None, "A": None}),
        (read_only, {"W": "R", "A": "R"}),
        (commutative, {"W": "A"}),
        (ordinary, {"A": "W"}),
    ]:
        other = what_if(access, mask)
        assert rows_of(other, names) == changed(kinds)
        assert build_dag(other).waves.wave_of.tolist() == oracle.levels(changed(kinds))


@given(path_blocks(), st.data())
def test_a_path_is_split_with_all_below(block: PathBlock, data: st.DataObject) -> None:
    """Each transaction that changes something there goes below one part, all others to each."""
    access, names, rows = read(block)
    paths = [name for name in names if name != "*"]
    if not paths:
        return
    above_others = [name for name in paths if any(f"{name}/" in other for other in paths)]
    top = data.draw(st.sampled_from(above_others or paths))
    parts = data.draw(st.sampled_from([2, 2, 3, 1]))
    expected: list[dict[str, str]] = []
    turn = 0
    for row in rows:
        below = {path: kind for path, kind in row.items() if is_below(path, top)}
        now = {path: kind for path, kind in row.items() if path not in below}
        into = range(parts)
        if any(kind != "R" for kind in below.values()):
            into, turn = range(turn % parts, turn % parts + 1), turn + 1
        for part in into:
            name = f"{top}#{part}" if part else top
            now |= {f"{name}{path.removeprefix(top)}": kind for path, kind in below.items()}
        expected.append(now)
    mask = np.array([name == top for name in names], dtype=np.bool_)
    waves = build_dag(split_each(access, mask, parts)).waves
    assert waves.wave_of.tolist() == oracle.levels(expected)


def test_what_is_below_one_part_is_beside_the_other() -> None:
    """v, v/x and v/x/y are written in turn; in two parts, the first and the third meet in v."""
    access, _ = AccessLists.from_paths([([], ["v"]), ([], ["v/x"]), ([], ["v/x/y"])])
    halves = split_each(access, np.array([True, False, False]), 2)
    assert halves.parents is not None
    #    v  v/x  v/x/y      v#1  v#1/x  v#1/x/y
    assert halves.parents.tolist() == [-1, 0, 1, -1, 3, 4]
    assert halves.accounts.tolist() == [0, 4, 2]
    assert [wave.tolist() for wave in build_dag(halves).waves] == [[0, 1], [2]]


@pytest.mark.usefixtures("with_joins")
@settings(max_examples=50)
@given(path_blocks(), st.data())
def test_groups_and_their_wins(block: PathBlock, data: st.DataObject) -> None:
    access, names, rows = read(block)
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows)))
    path = critical_path(build_dag(access), costs)
    groups = hot_groups(access, costs, path, 1000)
    accounts = [account for group in groups for account in group.accounts]
    assert len(set(accounts)) == len(accounts)
    uppers = {
        upper
        for i, j in oracle.conflicting_pairs(rows)
        for _, upper, _ in oracle.conflicts(rows[i], rows[j])
    }
    assert uppers <= {names[account] for account in accounts}
    for group in groups:
        gone = np.zeros(len(names), dtype=np.bool_)
        gone[list(group.accounts)] = True
        left = build_dag(without_accounts(access, gone))
        assert group.without.critical_path_cost == critical_path(left, costs).cost


@given(path_blocks())
def test_accounts_of_a_group_are_in_conflicts_of_the_same_pairs(block: PathBlock) -> None:
    access, names, rows = read(block)

    def pairs_of(name: str) -> list[tuple[int, int]]:
        return [
            (i, j)
            for i, j in combinations(range(len(rows)), 2)
            if any(is_below(lower, name) for lower, _, _ in oracle.conflicts(rows[i], rows[j]))
        ]

    for group in account_groups(access):
        first, *others = [names[account] for account in group.accounts]
        assert all(pairs_of(other) == pairs_of(first) for other in others)
        touching = [p for p, row in enumerate(rows) if any(is_below(path, first) for path in row)]
        assert group.positions.tolist() == touching


@pytest.mark.usefixtures("with_joins")
@given(path_blocks())
def test_without_its_accounts_a_step_is_gone(block: PathBlock) -> None:
    access, names, rows = read(block)
    dag = build_dag(access)
    path = critical_path(dag, [1] * len(dag))
    by_step: dict[int, list[int]] = {}
    for step, account in step_conflicts(access, path.transactions).tolist():
        by_step.setdefault(step, []).append(account)
    assert list(by_step) == list(range(len(path.transactions) - 1))
    for step, accounts in by_step.items():
        pair = [rows[position] for position in path.transactions[step : step + 2]]
        upper = {upper for _, upper, _ in oracle.conflicts(*pair)}
        assert {names[account] for account in accounts} == {
            name for name in upper if not any(is_below(name, other) for other in upper - {name})
        }
        gone = np.zeros(len(names), dtype=np.bool_)
        gone[accounts] = True
        earlier, later = path.transactions[step : step + 2]
        assert conflicts_between(without_accounts(access, gone), earlier, later) == []


@pytest.mark.usefixtures("with_joins")
@settings(max_examples=20)
@given(path_blocks())
def test_knots_and_advice_hold_what_they_say(block: PathBlock) -> None:
    access, names, _ = read(block)
    dag = build_dag(access)
    path = critical_path(dag, [1] * len(dag))
    gone = np.zeros(len(names), dtype=np.bool_)
    for knot in knots(access, [1] * len(dag), path, 3):
        gone[list(knot.accounts)] = True
        assert knot.critical_path_cost == len(build_dag(without_accounts(access, gone)).waves)
    for advice in advise(access, np.ones(len(dag), dtype=np.int64), path):
        now = access
        for change in advice.changes:
            now = change.relocked(now)
        assert advice.critical_path_cost == len(build_dag(now).waves)


def test_a_dag_is_of_its_hierarchy() -> None:
    flat = AccessLists.from_columns([0, 1, 2], [0, 1], [True, True], 2)
    nested = AccessLists.from_columns([0, 1, 2], [0, 1], [True, True], 2, parents=[-1, 0])
    assert not build_dag(flat).is_of(nested)
    assert not build_dag(nested).is_of(flat)
    assert build_dag(nested).is_of(
        AccessLists.from_columns([0, 1, 2], [0, 1], [True, True], 2, parents=[-1, 0])
    )


def test_time_goes_by_accesses_and_depth() -> None:
    """No pair is looked at: 100 million of a write far below and a read of everything conflict.

    10,000 writes ── 10,000 reads of the root ── 10,000 adds"""
    deep = "/".join("abcdefgh")
    below = [NamedAccess([], [f"{deep}/{n}"]) for n in range(10_000)]
    of_all = NamedAccess(["*"], [])
    adds = NamedAccess([], [], ["a/b/*"])
    access, _ = AccessLists.from_paths([*below, *[of_all] * 10_000, *[adds] * 10_000])
    dag = build_dag(access)
    assert np.bincount(dag.waves.wave_of).tolist() == [10_000] * 3
    assert dag.graph.num_edges() <= 4 * len(dag)
    assert len(blocking_accounts(access, dag.waves)) == 20_000
