"""Hot groups: how accounts are grouped, ranked and weighed, beside one group at a time, slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import (
    AccessLists,
    HotGroup,
    build_dag,
    critical_path,
    hot_groups,
    parallelism,
)

from .shapes import Raw, blocks, columns, drawn, seeded


def found(access: AccessLists, costs: list[int] | None = None, limit: int = 10) -> list[HotGroup]:
    weights = [1] * len(access) if costs is None else costs
    return hot_groups(access, weights, critical_path(build_dag(access), weights), limit)


def test_accounts_that_the_same_transactions_lock_are_one_group() -> None:
    """0 ── 1 ── 2 on a and b, always both;  1 ── 2 ── 3 on c, a group of its own.

    The critical path has all four. Without a and b 1 ── 2 ── 3 is left, without c 0 ── 1 ── 2.
    """
    access = drawn("Wa Wb", "Wa Wb Wc", "Wa Wb Rc", "Wc")
    assert found(access) == [
        HotGroup((0, 1), 3, critical_path_share=3 / 4, parallelism_without=4 / 3),
        HotGroup((2,), 3, critical_path_share=3 / 4, parallelism_without=4 / 3),
    ]


def test_what_would_win_most_comes_first() -> None:
    """0 ── 1 ── 2 on a, each of cost 2; b joins 0 and 1, too, and c joins 3 and 4 of cost 1."""
    access = drawn("Wa Wb", "Wa Wb", "Wa", "Wc", "Wc")
    groups = found(access, [2, 2, 2, 1, 1])
    assert groups == [
        HotGroup((0,), 3, critical_path_share=1.0, parallelism_without=8 / 4),
        HotGroup((1,), 2, critical_path_share=4 / 6, parallelism_without=8 / 6),
        HotGroup((2,), 2, critical_path_share=0.0, parallelism_without=8 / 6),
    ]


def test_one_who_reads_what_the_other_writes_is_of_another_group() -> None:
    assert [group.accounts for group in found(drawn("Wa Rb", "Ra Wb"))] == [(0,), (1,)]
    assert [group.accounts for group in found(drawn("Wa Wb", "Ra Rb"))] == [(0, 1)]


def test_accounts_that_hold_nobody_back_are_left_out() -> None:
    """a is locked once, b is read by all; c alone orders anybody."""
    assert [group.accounts for group in found(drawn("Wa Rb Wc", "Rb Wc", "Rb"))] == [(2,)]
    assert found(drawn()) == []


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is -1"):
        found(drawn("Wa"), limit=-1)


def locks_of(raw: Raw, account: int) -> tuple[tuple[int, bool], ...]:
    return tuple(
        (position, (account, True) in transaction)
        for position, transaction in enumerate(raw)
        if account in {each for each, _ in transaction}
    )


def parallelism_without(raw: Raw, costs: list[int], group: tuple[int, ...]) -> float:
    left: Raw = [[each for each in row if each[0] not in group] for row in raw]
    path = critical_path(build_dag(columns(left, 100)), costs)
    return parallelism(sum(costs), path.cost)


@given(blocks(), st.data())
def test_groups_and_figures_equal_those_of_one_at_a_time(raw: Raw, data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    access = columns(raw, 100)
    path = critical_path(build_dag(access), costs)
    by_locks: dict[tuple[tuple[int, bool], ...], list[int]] = {}
    for account in range(100):
        locks = locks_of(raw, account)
        if len(locks) > 1 and any(is_write for _, is_write in locks):
            by_locks.setdefault(locks, []).append(account)
    expected = {
        tuple(accounts): HotGroup(
            tuple(accounts),
            len(locks),
            sum(costs[p] for p, _ in locks if p in path.transactions) / path.cost
            if path.cost
            else 0.0,
            parallelism_without(raw, costs, tuple(accounts)),
        )
        for locks, accounts in by_locks.items()
    }
    groups = hot_groups(access, costs, path, 1000)
    assert {group.accounts: group for group in groups} == expected
    wins = [group.parallelism_without for group in groups]
    assert wins == sorted(wins, reverse=True)
    shares = sorted((group.critical_path_share for group in groups), reverse=True)
    few = hot_groups(access, costs, path, 3)
    assert sorted((group.critical_path_share for group in few), reverse=True) == shares[:3]


def test_costs_beyond_a_float_are_shared_exactly() -> None:
    access = drawn("Wa", "Wa Wb", "Wb")
    shares = {g.accounts: g.critical_path_share for g in found(access, [2**62, 2**62, 2**62])}
    assert shares == {(0,): 2 / 3, (1,): 2 / 3}


def test_a_large_block_takes_no_pairs() -> None:
    """A queue of 20,000: with work for each pair of its transactions this would never end."""
    access = seeded("hot", 20_000)
    groups = found(access, np.arange(20_000).tolist())
    assert len(groups) == 10
    assert all(group.transactions > 1_000 for group in groups)
