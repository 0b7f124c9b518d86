"""Stability pools: losses and gains shared by deposit, through scales and epochs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.programs.library.stablecoin import (
    RAD,
    WAD,
    StabilityGains,
    StabilityPool,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error
from sealane.programs.library.stablecoin.rules.loss_sharing import (
    SCALE,
    Shares,
    Step,
    earned,
    left,
    share_loss,
)

from .bank import Bank
from .claims import require_backed

USERS = ("ann", "bob", "cat")


@pytest.fixture
def pooled(bank: Bank) -> Bank:
    """bob and cat have put 300 and 900 into a pool; ann owes 400 on 100 gold, worth 700."""
    for user in USERS:
        bank.add(user)
    bank.fund("ann", 100, 400)
    bank.send(*bank.new_pool("bob", "cat"))
    for user, coins in (("bob", 300), ("cat", 900)):
        bank.fund(user, 600, 1_000)
        bank.send(bank.pool_deposit(user, coins * RAD))
    bank.set_price(7)
    return bank


def test_depositors_get_the_collateral_for_the_debt(pooled: Bank) -> None:
    pooled.send(pooled.liquidate_by_pool("ann"))
    assert (pooled.urn("ann").collateral, pooled.urn("ann").normalized_debt) == (0, 0)
    for user, coins, gems in (("bob", 200, 25), ("cat", 600, 75)):
        before = pooled.coins(user)
        pooled.send(pooled.pool_deposit(user, coins_out=1_000 * RAD))
        assert coins * RAD - 10**30 < pooled.coins(user) - before <= coins * RAD
        assert gems * WAD - 1_000 < pooled.gems(user) <= gems * WAD
    require_backed(pooled, pools=["pool"])


def test_a_pool_too_small_pays_a_part_and_begins_an_epoch(pooled: Bank) -> None:
    pooled.send(pooled.pool_deposit("cat", coins_out=1_000 * RAD), pooled.liquidate_by_pool("ann"))
    assert pooled.urn("ann").normalized_debt == 100 * WAD
    with pooled.vm.fails(Error.WrongAccount):
        pooled.send(pooled.pool_deposit("bob"))  # the new epoch has no sum yet
    pooled.new("gains_1", StabilityGains)
    pooled.send(stablecoin.open_gains(pool="pool", gains="gains_1"))
    pooled.send(pooled.pool_deposit("cat", 500 * RAD, gains="gains_1"))
    pooled.send(pooled.pool_deposit("bob", coins_out=300 * RAD, gains="gains_1"))
    assert (pooled.coins("bob"), pooled.gems("bob")) == (700 * RAD, 75 * WAD)
    pool = pooled.vm.read("pool", StabilityPool)
    assert (pool.epoch, pool.total, pool.collateral) == (1, 500 * RAD, 0)
    require_backed(pooled, pools=["pool"])


def test_what_is_refused(pooled: Bank) -> None:
    vm = pooled.vm
    with vm.fails(Error.InsufficientCoins):
        pooled.send(pooled.pool_deposit("bob", 701 * RAD))
    with vm.fails(Error.NotAllowed):
        pooled.send(pooled.pool_deposit("bob", deposit="cat_deposit"))
    with vm.fails(Error.StillSafe):
        pooled.send(pooled.liquidate_by_pool("bob"))
    with vm.fails(Error.AlreadyInitialized):
        pooled.new("gains_1", StabilityGains)
        pooled.send(stablecoin.open_gains(pool="pool", gains="gains_1"))
    pooled.send(
        pooled.pool_deposit("bob", coins_out=300 * RAD),
        pooled.pool_deposit("cat", coins_out=900 * RAD),
    )
    with vm.fails(Error.NothingToAuction):
        pooled.send(pooled.liquidate_by_pool("ann"))


@dataclass
class Depositor:
    """What a depositor has, by the rules and by exact fractions."""

    coins: int = 0
    place: tuple[int, int, int] = (WAD, 0, 0)
    sum_then: int = 0
    exact: Fraction = Fraction(0)
    exact_gain: Fraction = Fraction(0)
    least_gain: Fraction = Fraction(0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 10**6 * WAD), st.integers(0, 10**9)),
        max_size=25,
    )
)
def test_a_pool_always_has_what_its_depositors_are_due(steps: list[tuple[int, int, int]]) -> None:
    pool, people = Shares(total=0, product=WAD), [Depositor() for _ in range(3)]
    sums: dict[tuple[int, int], int] = {}
    held = 0
    for who, amount, part in steps:
        if who == 3 and pool.total:
            # From a tenth of all to all but a billionth, or all.
            loss = pool.total - pool.total * part // 10 ** (9 + part % 10) if part else pool.total
            held += amount
            lost = Fraction(loss, pool.total)
            for person in people:
                gain_now = person.exact * amount / pool.total
                person.exact_gain += gain_now
                # A deposit of which a billionth is left earns no more.
                if person.exact * 10**8 >= person.coins:
                    person.least_gain += gain_now
                person.exact *= 1 - lost
            pool.sum = sums.get((pool.epoch, pool.scale), 0)
            place = pool.epoch, pool.scale
            share_loss(pool, loss, amount)
            sums[place] = pool.sum
        elif who < 3:
            person = people[who]
            gain, value = _due(person, pool, sums)
            held -= gain
            person.coins = value + amount
            pool.total += amount
            person.exact = Fraction(person.coins)
            person.exact_gain = person.least_gain = Fraction(0)
            person.place = (pool.product, pool.epoch, pool.scale)
            person.sum_then = sums.get((pool.epoch, pool.scale), 0)
        due = [_due(person, pool, sums) for person in people]
        assert sum(value for _, value in due) <= pool.total
        assert sum(gain for gain, _ in due) <= held
        for person, (gain, _) in zip(people, due, strict=True):
            # What rounding kept of earlier gains may come on top: a unit for each 10**18 coins.
            assert gain <= person.exact_gain * (1 + Fraction(1, SCALE)) + 10**8
            assert gain >= person.least_gain * (1 - Fraction(1, 10**6)) - 10**8


def test_a_scale_begins_when_little_is_left() -> None:
    pool = Shares(total=10**30, product=WAD)
    assert share_loss(pool, 10**30 - 10**19, WAD) is Step.SCALE
    assert (pool.scale, pool.total) == (1, 10**19)
    assert left(10**30, (WAD, 0, 0), pool) == 0  # less than a billionth
    assert left(10**19, (pool.product, 0, 1), pool) == 10**19
    assert share_loss(pool, 10**19 - 10, WAD) is Step.SCALES
    assert share_loss(pool, 10, WAD) is Step.EPOCH


def _due(person: Depositor, pool: Shares, sums: dict[tuple[int, int], int]) -> tuple[int, int]:
    product, epoch, scale = person.place
    here = sums.get((epoch, scale), 0) - person.sum_then
    after = sums.get((epoch, scale + 1), 0)
    return earned(person.coins, product, here, after), left(person.coins, person.place, pool)
