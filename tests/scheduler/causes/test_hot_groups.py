"""Hot groups: how they are ranked and weighed, beside one changed block at a time, slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, HotGroup, build_dag, critical_path, hot_groups
from sealane.scheduler.causes.groups import account_groups
from sealane.scheduler.causes.wins import SPLIT_PARTS, Win
from sealane.scheduler.what_if import commutative, split, without_accounts

from ..shapes import drawn, seeded
from .pairs import Kinds, blocks_with_adds


def found(access: AccessLists, costs: list[int] | None = None, limit: int = 10) -> list[HotGroup]:
    weights = [1] * len(access) if costs is None else costs
    return hot_groups(access, weights, critical_path(build_dag(access), weights), limit)


def figures(group: HotGroup) -> tuple[tuple[int, ...], int, float, list[float]]:
    wins = [group.without, group.split, group.commutative]
    return (*group[:3], [win.parallelism for win in wins])


def test_accounts_that_cause_the_same_conflicts_are_weighed_as_one() -> None:
    """0 ── 1 ── 2 on a and b, always both;  1 ── 2 ── 3 on c, a group of its own.

    The critical path has all four. Without a and b 1 ── 2 ── 3 is left, without c 0 ── 1 ── 2.
    If c is split or only added to, 2 still reads what 1 leaves, and 3 waits for it.
    """
    access = drawn("Wa Wb", "Wa Wb Wc", "Wa Wb Rc", "Wc")
    assert list(map(figures, found(access))) == [
        ((0, 1), 3, 3 / 4, [4 / 3, 4 / 3, 4 / 3]),
        ((2,), 3, 3 / 4, [4 / 3, 1.0, 1.0]),
    ]


def test_splitting_and_adding_leave_what_reads_wait_for() -> None:
    """Twenty write a and two read it at the end: split in 8, three turns and then the reads."""
    access = drawn(*["Wa"] * 20, "Ra", "Ra")
    assert [figures(group) for group in found(access)] == [((0,), 22, 1.0, [22.0, 22 / 4, 22 / 2])]


def test_what_would_win_most_comes_first() -> None:
    """0 ── 1 ── 2 on a, each of cost 2; b joins 0 and 1, too, and c joins 3 and 4 of cost 1."""
    access = drawn("Wa Wb", "Wa Wb", "Wa", "Wc", "Wc")
    groups = found(access, [2, 2, 2, 1, 1])
    assert [(g.accounts, g.critical_path_share, g.parallelism_without) for g in groups] == [
        ((0,), 1.0, 8 / 4),
        ((1,), 4 / 6, 8 / 6),
        ((2,), 0.0, 8 / 6),
    ]


def test_those_that_hold_a_step_alone_come_before_larger_shares() -> None:
    """0 ── 1 ── 2 on a and on b, which 4 reads, too; 2 ── 3 on c alone."""
    access = drawn("Wa Wb", "Wa Wb", "Wa Wb Wc", "Wc", "Rb")
    shares = {g.accounts: g.critical_path_share for g in found(access)}
    assert shares == {(0,): 3 / 4, (1,): 3 / 4, (2,): 2 / 4}
    assert [group.accounts for group in found(access, limit=1)] == [(2,)]


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is -1"):
        found(drawn("Wa"), limit=-1)


def cost_of(access: AccessLists, costs: list[int]) -> int:
    return critical_path(build_dag(access), costs).cost


@given(blocks_with_adds(), st.data())
def test_figures_equal_those_of_one_changed_block_at_a_time(
    block: tuple[Kinds, AccessLists], data: st.DataObject
) -> None:
    kinds, access = block
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(kinds), max_size=len(kinds)))
    path = critical_path(build_dag(access), costs)
    groups = hot_groups(access, costs, path, 1000)
    assert {g.accounts for g in groups} == {g.accounts for g in account_groups(access)}
    for group in groups:
        mask = np.isin(np.arange(100), group.accounts)
        locking = {p for p, row in enumerate(kinds) if row.keys() & set(group.accounts)}
        assert group.transactions == len(locking)
        on_path = sum(costs[p] for p in path.transactions if p in locking)
        assert group.critical_path_share == (on_path / path.cost if path.cost else 0.0)
        assert group.without.critical_path_cost == cost_of(without_accounts(access, mask), costs)
        assert group.commutative.critical_path_cost == cost_of(commutative(access, mask), costs)
        parts = access
        for account in group.accounts:
            parts = split(parts, account, SPLIT_PARTS)
        assert group.split.critical_path_cost == cost_of(parts, costs)
        expected = sum(costs) / group.without.critical_path_cost if path.cost else 1.0
        assert group.parallelism_without == expected
    wins = [group.without.critical_path_cost for group in groups]
    assert wins == sorted(wins)


def test_costs_beyond_a_float_are_shared_exactly() -> None:
    access = drawn("Wa", "Wa Wb", "Wb")
    shares = {g.accounts: g.critical_path_share for g in found(access, [2**62, 2**62, 2**62])}
    assert shares == {(0,): 2 / 3, (1,): 2 / 3}


def test_a_speed_up_is_that_of_the_lanes_of_the_changed_block() -> None:
    """Eight on a queue of cost 8: on two workers four each, once nothing waits."""
    win: Win = found(drawn(*["Wa"] * 8))[0].without
    assert win.speed_ups([1, 2, 16]) == {1: 1.0, 2: 2.0, 16: 8.0}
    assert found(drawn("Wa", "Wa"), [0, 0])[0].split.speed_ups([2]) == {2: 1.0}


def test_a_large_block_takes_no_pairs() -> None:
    """A queue of 20,000: with work for each pair of its transactions this would never end."""
    access = seeded("hot", 20_000)
    groups = found(access, np.arange(20_000).tolist())
    assert len(groups) == 10
    assert all(group.transactions > 1_000 for group in groups)
