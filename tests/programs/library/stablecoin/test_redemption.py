"""Redemption: coins for collateral at the price, for a fee that decays."""

from __future__ import annotations

import pytest

from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    DebtShard,
    RedemptionQuote,
    Redemptions,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error
from sealane.programs.library.stablecoin.rules.fee_decay import raised, redemption_fee

from .bank import TOKEN, Bank
from .claims import require_backed


@pytest.fixture
def circulating(bank: Bank) -> Bank:
    """ann owes 400 on 100 gold worth 1000; bob has the 400 coins as tokens."""
    for name in ("ann", "bob"):
        bank.add(name, shard=0)
    bank.fund("ann", 100, 400)
    bank.send(
        stablecoin.move_coins(
            engine="engine",
            source="ann_dai",
            destination="bob_dai",
            caller="ann",
            permissions=[],
            amount=400 * WAD * RAY,
        ),
        bank.coins_out("bob", 400 * TOKEN),
    )
    return bank


def quote(bank: Bank) -> RedemptionQuote:
    receipt = bank.send(stablecoin.quote_redemption(redemptions="redemptions"))
    return RedemptionQuote.decode(receipt.return_data)


def test_coins_are_redeemed_at_the_price_less_the_fee(circulating: Bank) -> None:
    circulating.send(circulating.redeem("bob", "ann", 40 * TOKEN))
    # A tenth of the supply raises the base rate by 5%; the floor is half a percent.
    fee = 4 * WAD * 55 // 1_000
    assert (circulating.gems("bob"), circulating.gems("admin")) == (4 * WAD - fee, fee)
    urn = circulating.urn("ann")
    assert (urn.collateral, urn.normalized_debt) == (96 * WAD, 360 * WAD)
    assert circulating.held("bob_coin") == 360 * TOKEN
    assert quote(circulating).base_rate == WAD * 5 // 100


def test_the_fee_decays_by_half_in_twelve_hours(circulating: Bank) -> None:
    circulating.send(circulating.redeem("bob", "ann", 40 * TOKEN))
    circulating.pass_time(12 * 3_600 + 59)
    found = quote(circulating)
    assert found.minutes == 720
    assert abs(found.base_rate - WAD * 25 // 1_000) < 10**5
    assert found.rate == found.base_rate + WAD // 200


def test_the_time_of_the_last_decay_moves_by_full_minutes(circulating: Bank) -> None:
    circulating.send(circulating.redeem("bob", "ann", TOKEN))
    begun = circulating.vm.read("redemptions", Redemptions).updated_at
    circulating.pass_time(59)
    circulating.set_price(10)
    circulating.send(circulating.redeem("bob", "ann", TOKEN))
    assert circulating.vm.read("redemptions", Redemptions).updated_at == begun
    circulating.pass_time(1)
    circulating.send(circulating.redeem("bob", "ann", TOKEN))
    assert circulating.vm.read("redemptions", Redemptions).updated_at == begun + 60


def test_what_is_refused(circulating: Bank) -> None:
    vm = circulating.vm
    with vm.fails(Error.FeeTooHigh):
        circulating.send(circulating.redeem("bob", "ann", 40 * TOKEN, rate_max=WAD * 5 // 100))
    with vm.fails(Error.DebtTooSmall):
        circulating.send(circulating.redeem("bob", "ann", 391 * TOKEN))
    with vm.fails(Error.NotRedeemable):
        circulating.send(circulating.redeem("bob", "bob", TOKEN))
    circulating.fund("bob", 100, 150)
    with vm.fails(Error.NotRedeemable):
        circulating.send(circulating.redeem("bob", "bob", TOKEN))
    with vm.fails(Error.RedemptionTooLarge):
        circulating.fund("bob", 0, 60)
        circulating.send(circulating.redeem("bob", "bob", 211 * TOKEN))
    circulating.set_price(7)
    with vm.fails(Error.NotRedeemable):
        circulating.send(circulating.redeem("bob", "ann", TOKEN))
    circulating.pass_time(61)
    with vm.fails(Error.StalePrice):
        circulating.send(circulating.redeem("bob", "ann", TOKEN))


def test_the_base_rate_stops_at_one() -> None:
    assert raised(WAD * 9 // 10, 1, 1) == WAD
    assert redemption_fee(WAD // 2, 10) == 5


def test_what_cancels_no_debt_is_a_fee(circulating: Bank) -> None:
    circulating.set_fee(RAY + 10**19)
    circulating.pass_time(10_000)
    circulating.set_price(10)
    before = circulating.urn("ann").normalized_debt
    circulating.send(circulating.redeem("bob", "ann", 40 * TOKEN))
    shard = circulating.vm.read("shard_0", DebtShard)
    assert shard.rate > RAY
    cancelled = before - circulating.urn("ann").normalized_debt
    assert 0 < 40 * RAD - cancelled * shard.rate < shard.rate
    require_backed(circulating)
