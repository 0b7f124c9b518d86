"""Savings: the cases of Maker's pot.t.sol, by instructions."""

from __future__ import annotations

import pytest

from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    SavingsAccount,
    SavingsShard,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error

from .bank import Bank

DAILY_5 = 1_000000564701133626865910626
DAY_S = 86_400


@pytest.fixture
def saver(bank: Bank) -> Bank:
    """ann has 400 coins."""
    bank.add("ann")
    bank.fund("ann", 100, 400)
    return bank


def test_savings_grow_and_the_treasury_owes_what_they_grow(saver: Bank) -> None:
    saver.set_savings_rate(DAILY_5)
    saver.send(saver.save("ann", 100 * WAD))
    saver.pass_time(DAY_S)
    saver.drip()
    saver.send(saver.save("ann", 100 * WAD, out=True))
    assert saver.coins("ann") // RAY == 405 * WAD
    saver.settle()
    assert saver.treasury.bad_debt == saver.coins("ann") - 400 * RAD
    assert saver.vm.read("ann_pie", SavingsAccount).shares == 0


def test_savings_begin_with_an_index_of_now(saver: Bank) -> None:
    saver.set_savings_rate(DAILY_5)
    saver.pass_time(DAY_S)
    with saver.vm.fails(Error.RateNotUpdated):
        saver.send(saver.save("ann", WAD))
    saver.drip()
    saver.send(saver.save("ann", 100 * WAD), saver.save("ann", 100 * WAD, out=True))
    assert saver.coins("ann") == 400 * RAD


def test_exits_earn_up_to_the_last_update(saver: Bank) -> None:
    saver.set_savings_rate(DAILY_5)
    saver.send(saver.save("ann", 100 * WAD))
    saver.pass_time(DAY_S)
    saver.send(saver.save("ann", 50 * WAD, out=True))
    assert saver.coins("ann") == 350 * RAD


def test_a_rate_below_one_earns_nothing(saver: Bank) -> None:
    saver.set_savings_rate(1)
    saver.send(saver.save("ann", 100 * WAD))
    saver.pass_time(DAY_S)
    saver.drip()
    assert saver.vm.read("savings_0", SavingsShard).index == RAY


def test_what_is_refused(saver: Bank) -> None:
    saver.add("bob")
    with saver.vm.fails(Error.InsufficientCoins):
        saver.send(saver.save("ann", 401 * WAD))
    saver.send(saver.save("ann", 100 * WAD))
    with saver.vm.fails(Error.InsufficientCoins):
        saver.send(saver.save("ann", 101 * WAD, out=True))
    theirs = {"account": "ann_pie", "coin_balance": "bob_dai", "holder": "bob"}
    with saver.vm.fails(Error.NotAllowed):
        saver.send(stablecoin.exit_savings(pot="pot", shard="savings_0", **theirs, shares=WAD))
    saver.pass_time(1)
    rate = stablecoin.set_savings_rate(engine="engine", pot="pot", admin="admin", rate=RAY)
    with saver.vm.fails(Error.RateNotUpdated):
        saver.send(rate)
