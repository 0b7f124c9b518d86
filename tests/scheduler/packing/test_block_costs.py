"""What a block has used: each limit at and past it, the order of limits, and taking costs back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sealane.scheduler.packing import (
    BlockCosts,
    BlockLimits,
    Excess,
    Item,
    Limit,
    Use,
    first_excess,
)

OPEN = BlockLimits(1_000, 1_000, 1_000, 1_000, 1_000, 1_000)


@pytest.mark.parametrize(
    ("limits", "items", "past", "excess"),
    [
        (
            replace(OPEN, vote_cost_max=10),
            [Item(4, [], simple_vote=True), Item(6, [], simple_vote=True)],
            Item(1, [], simple_vote=True),
            (Limit.VOTES, 11, 10, None),
        ),
        (
            replace(OPEN, cost_max=10),
            [Item(4, []), Item(6, [])],
            Item(1, []),
            (Limit.BLOCK, 11, 10, None),
        ),
        (
            replace(OPEN, account_cost_max=10),
            [Item(10, [])],
            Item(11, []),
            (Limit.TRANSACTION, 11, 10, None),
        ),
        (
            replace(OPEN, allocated_bytes_max=10),
            [Item(0, [], allocated=4), Item(0, [], allocated=6)],
            Item(0, [], allocated=1),
            (Limit.ALLOCATED, 11, 10, None),
        ),
        (
            replace(OPEN, account_cost_max=10),
            [Item(4, [1, 2]), Item(6, [2, 3])],
            Item(1, [1, 2]),
            (Limit.ACCOUNT, 11, 10, 2),
        ),
        (
            replace(OPEN, transactions_max=2),
            [Item(0, []), Item(0, [])],
            Item(0, []),
            (Limit.TRANSACTIONS, 3, 2, None),
        ),
        (
            replace(OPEN, bytes_max=10),
            [Item(0, [], size=4), Item(0, [], size=6)],
            Item(0, [], size=1),
            (Limit.BYTES, 11, 10, None),
        ),
    ],
)
def test_a_limit_is_reached_and_not_passed(
    limits: BlockLimits,
    items: list[Item],
    past: Item,
    excess: tuple[Limit, int, int, int | None],
) -> None:
    assert first_excess(items, limits) is None
    assert first_excess([*items, past], limits) == Excess(len(items), *excess)


def test_limits_are_looked_at_in_agaves_order() -> None:
    """One that is above all of them; then each limit is raised, and the next one shows."""
    limits = BlockLimits(0, 0, 0, 0, 0, 0)
    item = Item(1, [7], simple_vote=True, allocated=1, size=1)
    raised: list[tuple[Limit, dict[str, int]]] = [
        (Limit.VOTES, {"vote_cost_max": 1}),
        (Limit.BLOCK, {"cost_max": 1}),
        (Limit.TRANSACTION, {"account_cost_max": 1}),
        (Limit.ALLOCATED, {"allocated_bytes_max": 1}),
        (Limit.TRANSACTIONS, {"transactions_max": 1}),
        (Limit.BYTES, {"bytes_max": 1}),
    ]
    for limit, change in raised:
        assert BlockCosts(limits).excess(item) == (limit, None)
        limits = replace(limits, **change)
    assert BlockCosts(limits).excess(item) is None


def test_an_account_comes_after_allocated_data_and_before_the_engines_limits() -> None:
    costs = BlockCosts(replace(OPEN, account_cost_max=1, allocated_bytes_max=0))
    costs.add(Item(1, [7]))
    assert costs.excess(Item(1, [7], allocated=1)) == (Limit.ALLOCATED, None)
    costs.limits = replace(costs.limits, transactions_max=1)
    assert costs.excess(Item(1, [7])) == (Limit.ACCOUNT, 7)
    assert costs.excess(Item(1, [8])) == (Limit.TRANSACTIONS, None)


def test_the_limit_of_votes_is_for_simple_votes_only() -> None:
    limits = replace(OPEN, vote_cost_max=0)
    assert first_excess([Item(1, [])], limits) is None
    assert (
        first_excess([Item(1, [], simple_vote=True)], replace(limits, vote_cost_max=None)) is None
    )


def test_what_it_did_cost_replaces_what_was_expected() -> None:
    costs = BlockCosts(replace(OPEN, account_cost_max=100))
    costs.add(Item(90, [1, 2], simple_vote=True))
    assert costs.excess(Item(11, [2])) == (Limit.ACCOUNT, 2)
    costs.replace(Item(90, [1, 2], simple_vote=True), 30)
    assert costs.excess(Item(70, [2])) is None
    assert costs.excess(Item(71, [2])) == (Limit.ACCOUNT, 2)
    assert (costs.cost, costs.vote_cost, costs.by_account, costs.count) == (
        30,
        30,
        {1: 30, 2: 30},
        1,
    )


def test_what_is_removed_leaves_nothing() -> None:
    costs = BlockCosts(OPEN)
    item = Item(9, [1], simple_vote=True, allocated=3, size=4)
    costs.add(item)
    costs.remove(item)
    assert (costs.cost, costs.vote_cost, costs.allocated, costs.size, costs.count) == (0,) * 5
    assert costs.by_account == {1: 0}


def test_the_limit_that_binds_first_is_first() -> None:
    costs = BlockCosts(BlockLimits(100, 40, None, 10, transactions_max=4))
    assert costs.uses()[0].share == 0
    costs.add(Item(30, [5, 6], allocated=1))
    costs.add(Item(2, [6]))
    assert costs.uses() == [
        Use(Limit.ACCOUNT, 32, 40, 6),
        Use(Limit.TRANSACTIONS, 2, 4),
        Use(Limit.BLOCK, 32, 100),
        Use(Limit.ALLOCATED, 1, 10),
    ]


def test_votes_and_bytes_are_told_where_they_are_limited() -> None:
    costs = BlockCosts(OPEN)
    costs.add(Item(100, [], simple_vote=True, size=500))
    assert costs.uses()[0] == Use(Limit.BYTES, 500, 1_000)
    assert Use(Limit.VOTES, 100, 1_000) in costs.uses()


def test_of_nothing_all_is_used() -> None:
    assert Use(Limit.BLOCK, 0, 0).share == 1
