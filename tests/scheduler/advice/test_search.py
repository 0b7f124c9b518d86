"""Advice: drawn by hand, and held to the block with the changes made to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag, critical_path
from sealane.scheduler.advice import Advice, Change, Kind, advise, trials
from sealane.scheduler.advice.search import ADVICE_MAX
from sealane.scheduler.advice.targets import ACCOUNTS_MAX, targets
from sealane.scheduler.advice.trials import Trials
from sealane.scheduler.edges import conflict_edges
from sealane.scheduler.plan import make_plan
from sealane.scheduler.simulation.lane_timing import time_lanes
from sealane.scheduler.what_if import read_only, without_accounts

from ..causes.pairs import Kinds, blocks_with_adds
from ..shapes import drawn, seeded

A, B = range(2)


def found(
    access: AccessLists, costs: list[int] | None = None, limit: int = ADVICE_MAX
) -> list[Advice]:
    weights = np.array([1] * len(access) if costs is None else costs, dtype=np.int64)
    return advise(access, weights, critical_path(build_dag(access), weights), limit=limit)


def changes(access: AccessLists, costs: list[int] | None = None) -> list[tuple[Change, ...]]:
    return [advice.changes for advice in found(access, costs)]


def test_of_changes_that_win_the_same_the_mildest_is_advised() -> None:
    """0 ── 1 ── 2 ── 3 on a: in four parts they run at once, and no more can be won."""
    advice = found(drawn("Wa", "Wa", "Wa", "Wa"))
    assert [(each.changes, each.critical_path_cost) for each in advice] == [
        ((Change(Kind.SPLIT_4, (A,)),), 1),
        ((Change(Kind.SPLIT_2, (A,)),), 2),
    ]
    assert advice[0].parallelism == 4.0
    assert advice[0].speed_ups == {4: 4.0, 64: 4.0}


def test_adding_only_is_advised_where_no_split_does_as_well() -> None:
    """Nine writes of a: of eight parts, one is still written twice."""
    kinds = [advice[0].kind for advice in changes(drawn(*["Wa"] * 9))]
    assert kinds == [Kind.COMMUTATIVE, Kind.SPLIT_8, Kind.SPLIT_4, Kind.SPLIT_2]


def test_taking_away_is_advised_where_reads_still_wait() -> None:
    """Reads of a lie between writes and wait for adds as for writes; without a nobody waits."""
    first = found(drawn("Wa", "Ra", "Wa", "Ra", "Wa"))[0]
    assert first.changes == (Change(Kind.WITHOUT, (A,)),)
    assert first.critical_path_cost == 1


def test_accounts_that_are_locked_together_are_changed_together() -> None:
    """Every step waits on a and on b, so neither alone wins anything."""
    for advice in found(drawn("Wa Wb", "Wa Wb", "Wa Wb")):
        assert [change.accounts for change in advice.changes] == [(A, B)]


def test_two_chains_of_the_same_cost_are_shortened_by_a_pair() -> None:
    """0 ── 1 on a beside 2 ── 3 on b: only both changes make the block shorter."""
    (advice,) = found(drawn("Wa", "Wa", "Wb", "Wb"))
    assert advice.changes == (Change(Kind.SPLIT_2, (A,)), Change(Kind.SPLIT_2, (B,)))
    assert advice.critical_path_cost == 1


def test_no_more_accounts_than_need_be_are_changed() -> None:
    """0 ── a b ── 1 ── b c ── 2 beside 3, which costs 6: without c, too, it is no shorter."""
    access = drawn("Wa Wb", "Wa Wb Wc", "Wb Wc", "Wd")
    advice = found(access, [5, 5, 1, 6])[0]
    assert advice.changes == (Change(Kind.SPLIT_2, (A, B)),)
    assert advice.critical_path_cost == 6


def test_nothing_is_advised_where_nothing_helps() -> None:
    assert found(drawn("Wa", "Wb")) == []
    assert found(drawn("Ra", "Ra")) == []
    assert found(drawn()) == []
    assert found(drawn("Wa", "Wa"), [0, 0]) == []
    assert found(drawn("Wa", "Wa", "Wb"), [1, 1, 5]) == [], "the path is 2 alone"


def test_transactions_may_be_left_out_where_a_caller_says_which() -> None:
    """0 ── 1 ── 2 on a with 1 between them: without it there is as much left to wait for."""
    access, costs = drawn("Wa", "Wa Wb", "Wb", "Wc"), np.array([2, 4, 2, 4])
    path = critical_path(build_dag(access), costs)
    gone = {"middle": np.array([False, True, False, False])}
    advice = advise(access, costs, path, left_out=gone)
    assert (Change.leaving_out("middle"),) in [each.changes for each in advice]
    assert all(each.parallelism > 12 / 8 for each in advice)


def test_what_is_left_out_must_win_more_than_it_takes_away() -> None:
    """Without the costliest of a chain, block and path shrink alike: nothing is won."""
    access, costs = drawn("Wa", "Wa"), np.array([1, 9])
    path = critical_path(build_dag(access), costs)
    advice = advise(access, costs, path, left_out={"big": np.array([False, True])})
    assert {change.left_out for each in advice for change in each.changes} == {""}


def test_what_wins_most_comes_first_and_no_more_than_asked_for() -> None:
    access = seeded("busy", 100)
    advice = found(access)
    assert [each.parallelism for each in advice] == sorted(
        (each.parallelism for each in advice), reverse=True
    )
    assert len(found(access, limit=3)) == 3
    assert found(access, limit=0) == []
    assert found(access) == advice


@given(blocks_with_adds(), st.data())
def test_the_win_is_that_of_the_changed_block(
    block: tuple[Kinds, AccessLists], data: st.DataObject
) -> None:
    access = block[1]
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(access), max_size=len(access)))
    weights = np.array(costs, dtype=np.int64)
    before = critical_path(build_dag(access), weights)
    for advice in advise(access, weights, before, limit=4):
        changed = access
        for change in advice.changes:
            changed = change.relocked(changed)
        dag = build_dag(changed)
        cost = critical_path(dag, weights).cost
        assert advice.critical_path_cost == cost < before.cost
        assert advice.parallelism == sum(costs) / cost
        for workers, speed_up in advice.speed_ups.items():
            plan = make_plan(dag, weights, workers, len(dag) + 1)
            assert speed_up == sum(costs) / time_lanes(plan, costs).makespan


@given(blocks_with_adds(), st.data())
def test_reading_an_account_wins_what_not_locking_it_wins(
    block: tuple[Kinds, AccessLists], data: st.DataObject
) -> None:
    """So one of the two kinds is enough to try."""
    access = block[1]
    chosen = np.array(
        data.draw(
            st.lists(st.booleans(), min_size=access.account_count, max_size=access.account_count)
        ),
        dtype=np.bool_,
    )
    reading, unlocked = read_only(access, chosen), without_accounts(access, chosen)
    assert np.array_equal(conflict_edges(reading)[0], conflict_edges(unlocked)[0])


@given(blocks_with_adds())
def test_targets_hold_a_step_of_the_path(block: tuple[Kinds, AccessLists]) -> None:
    """Without all of its accounts, the path is no path."""
    weights = np.ones(len(block[1]), dtype=np.int64)
    path = critical_path(build_dag(block[1]), weights)
    tried = Trials(block[1], weights, path, {})
    for target in targets(tried.as_it_is):
        without = tried.tried(Change(Kind.WITHOUT, target))
        assert without is not None
        assert without.path != path
        assert list(target) == sorted(set(target))
        assert 0 < len(target) <= ACCOUNTS_MAX


def test_a_block_too_large_to_try_much_still_gets_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    access = seeded("hot", 300)
    monkeypatch.setattr(trials, "ACCESSES_TRIED_MAX", 3 * len(access.accounts))
    weights = np.ones(len(access), dtype=np.int64)
    path = critical_path(build_dag(access), weights)
    tried = Trials(access, weights, path, {})
    each = [tried.tried(Change(kind, (A,))) for kind in Kind]
    assert [trial is not None for trial in each] == [True, True, True, False, False]
    assert tried.tried(Change(Kind.SPLIT_2, (A,))) is each[0], "what was tried is known"
    assert isinstance(found(access), list)
