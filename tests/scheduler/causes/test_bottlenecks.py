"""Which accounts keep a transaction out of the wave before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import (
    AccessLists,
    Bottleneck,
    blocking_accounts,
    build_dag,
    conflicts_between,
    worst_bottlenecks,
)

JOBS = st.lists(st.tuples(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5))), max_size=12)


Jobs = list[tuple[list[str], list[str]]]


def held(jobs: Jobs) -> list[tuple[int, str]]:
    access, names = AccessLists.from_sets(jobs)
    pairs: list[list[int]] = blocking_accounts(access, build_dag(access).waves).tolist()
    return [(position, str(names[account])) for position, account in pairs]


def test_only_the_accounts_that_decide_the_wave() -> None:
    # wave 0    0: W a    1: W b
    #            \         |
    # wave 1      \       2: W b
    #              \      |
    # wave 2        `---- 3: R a, W b      a alone would allow wave 1: only b holds it
    jobs: Jobs = [([], ["a"]), ([], ["b"]), ([], ["b"]), (["a"], ["b"])]
    assert held(jobs) == [(2, "b"), (3, "b")]


def test_reads_hold_a_write_and_not_each_other() -> None:
    # 0: W a ── 1: R a ── 3: W a
    #       └── 2: R a ──┘
    jobs: Jobs = [([], ["a"]), (["a"], []), (["a"], []), ([], ["a"])]
    assert held(jobs) == [(1, "a"), (2, "a"), (3, "a")]


def test_accounts_that_nobody_writes_hold_nobody() -> None:
    assert held([(["a"], []), (["a"], [])]) == []


@given(JOBS)
def test_same_as_looking_at_every_pair(jobs: list[tuple[list[int], list[int]]]) -> None:
    access, _ = AccessLists.from_sets(jobs)
    waves = build_dag(access).waves
    found = {tuple(pair) for pair in blocking_accounts(access, waves).tolist()}
    expected = {
        (later, conflict.account)
        for later in range(len(jobs))
        for earlier in range(later)
        for conflict in conflicts_between(access, earlier, later)
        if waves.wave_of[earlier] + 1 == waves.wave_of[later]
    }
    assert found == expected


def test_accounts_that_always_go_together_are_one_holder() -> None:
    # 0: W a b ── 1: W a b ── 2: W a b        3: W c ── 4: W c
    jobs: Jobs = [*[(list[str](), ["a", "b"])] * 3, *[(list[str](), ["c"])] * 2]
    access, names = AccessLists.from_sets(jobs)
    pairs = blocking_accounts(access, build_dag(access).waves)
    bottlenecks, bottleneck_of = worst_bottlenecks(pairs, len(jobs), limit=6)
    assert [(names[account], count) for account, count in bottlenecks] == [("a", 2), ("c", 1)]
    assert bottleneck_of.tolist() == [2, 0, 0, 2, 1]


def test_the_limit_leaves_the_rest_without_a_holder() -> None:
    jobs: Jobs = [([], ["a"]), ([], ["a"]), ([], ["b"]), ([], ["b"])]
    access, _ = AccessLists.from_sets(jobs)
    pairs = blocking_accounts(access, build_dag(access).waves)
    bottlenecks, bottleneck_of = worst_bottlenecks(pairs, len(jobs), limit=1)
    assert bottlenecks == [Bottleneck(0, 1)]
    assert bottleneck_of.tolist() == [1, 0, 1, 1]
    assert worst_bottlenecks(pairs, len(jobs), limit=0)[0] == []
    with pytest.raises(ValueError, match="negative"):
        worst_bottlenecks(pairs, len(jobs), limit=-1)
