"""Liquidation at a falling price: the cases of Maker's clip.t.sol and dog, by instructions.

ann owes 400 on 100 gold. At 7 gold is worth 700, which is less than the 800 asked for. The auction
is to raise 440, and begins at 8.75.
"""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    LiquidationLimit,
    PriceAuction,
    PriceHouse,
    PriceTerms,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error

from .bank import PRICE_TERMS, Bank
from .calls import KIND

TOP = RAY * 35 // 4


@pytest.fixture
def unsafe(bank: Bank) -> Bank:
    bank.add("ann", shard=0)
    bank.add("bob", shard=1)
    bank.fund("ann", 100, 400)
    bank.fund("bob", 500, 2_000)
    bank.send(bank.deposit("bob", 100 * 10**6), bank.adjust("bob", 100 * WAD, 0))
    bank.set_price(7)
    return bank


@pytest.fixture
def on_sale(unsafe: Bank) -> Bank:
    unsafe.send(unsafe.liquidate("ann", keeper="bob"))
    unsafe.auctions.append("sale")
    return unsafe


def sale(bank: Bank) -> PriceAuction:
    return bank.vm.read("sale", PriceAuction)


def terms(**changes: Any) -> PriceTerms:
    return PriceTerms(**PRICE_TERMS | changes)


def set_house(bank: Bank, **changes: Any) -> None:
    bank.send(
        stablecoin.set_price_house(**KIND, house="house", admin="admin", terms=terms(**changes))
    )


def reset(keeper: str = "bob"):
    return stablecoin.reset(
        **KIND,
        house="house",
        auction="sale",
        treasury="vow",
        keeper=f"{keeper}_dai",
        caller=keeper,
    )


def used(bank: Bank) -> tuple[int, int]:
    limits, house = (
        bank.vm.read("limits", LiquidationLimit),
        bank.vm.read("house", PriceHouse),
    )
    return limits.used, house.used


def test_a_position_goes_to_auction_with_its_penalty(on_sale: Bank) -> None:
    auction = sale(on_sale)
    assert (auction.debt, auction.lot, auction.top_price) == (440 * RAD, 100 * WAD, TOP)
    assert (on_sale.urn("ann").collateral, on_sale.urn("ann").normalized_debt) == (0, 0)
    reward = RAD + 440 * RAD // 100
    assert on_sale.treasury.bad_debt == 400 * RAD + reward
    assert on_sale.coins("bob") == 2_000 * RAD + reward
    assert used(on_sale) == (440 * RAD, 440 * RAD)


def test_what_cannot_be_liquidated(unsafe: Bank) -> None:
    vm = unsafe.vm
    with vm.fails(Error.StillSafe):
        unsafe.send(unsafe.liquidate("bob"))
    set_house(unsafe, stopped=1)
    with vm.fails(Error.Stopped):
        unsafe.send(unsafe.liquidate("ann"))
    set_house(unsafe, limit=0)
    with vm.fails(Error.LiquidationLimitHit):
        unsafe.send(unsafe.liquidate("ann"))
    set_house(unsafe, limit=RAD)
    with vm.fails(Error.AuctionTooSmall):
        unsafe.send(unsafe.liquidate("ann"))


@pytest.mark.parametrize(("room", "left"), [(220, 200), (429, 10), (430, 0)])
def test_a_part_is_liquidated_unless_dust_would_be_left(unsafe: Bank, room: int, left: int) -> None:
    limit = stablecoin.set_limit(engine="engine", limits="limits", admin="admin", limit=room * RAD)
    unsafe.send(limit, unsafe.liquidate("ann"))
    assert unsafe.urn("ann").normalized_debt == left * WAD
    assert unsafe.urn("ann").collateral == left * WAD // 4
    assert sale(unsafe).debt == (400 - left) * RAD * 11 // 10


@pytest.mark.parametrize(
    ("amount", "bought", "left"),
    [
        (10, 10 * WAD, (0, 90 * WAD, 440 * RAD - 10 * WAD * TOP)),
        (60, 440 * RAD // TOP, (100 * WAD - 440 * RAD // TOP, 0, 0)),
        # 48 would leave less than the 11 that an auction must have left to raise.
        (50, 429 * RAD // TOP, (0, 100 * WAD - 429 * RAD // TOP, 11 * RAD)),
    ],
)
def test_purchases(on_sale: Bank, amount: int, bought: int, left: tuple[int, int, int]) -> None:
    before = on_sale.coins("bob")
    on_sale.send(on_sale.buy("bob", "ann", amount * WAD, TOP))
    assert on_sale.gems("bob") == bought
    auction = sale(on_sale)
    assert (on_sale.gems("ann"), auction.lot, auction.debt) == left
    assert before - on_sale.coins("bob") == auction.raised == 440 * RAD - left[2]
    on_sale.settle()
    assert used(on_sale) == (left[2], left[2])
    assert on_sale.treasury.coins == 440 * RAD - left[2]


def test_the_last_of_a_lot_may_raise_less_than_the_debt(on_sale: Bank) -> None:
    on_sale.pass_time(80)  # the price is below 4, the lot no longer worth the debt
    on_sale.send(on_sale.buy("bob", "ann", 200 * WAD, 4 * RAY))
    assert on_sale.gems("bob") == 100 * WAD
    assert on_sale.gems("ann") == 0
    on_sale.settle()
    assert used(on_sale) == (0, 0)
    assert on_sale.treasury.coins < 400 * RAD


def test_what_cannot_be_bought(on_sale: Bank) -> None:
    vm = on_sale.vm
    with vm.fails(Error.TooExpensive):
        on_sale.send(on_sale.buy("bob", "ann", WAD, TOP - 1))
    with vm.fails(Error.WrongAccount):
        on_sale.send(on_sale.buy("bob", "bob", WAD, TOP))
    with vm.fails(Error.InsufficientCoins):
        on_sale.add("cat")
        on_sale.send(on_sale.buy("cat", "ann", WAD, TOP))
    set_house(on_sale, stopped=3)
    with vm.fails(Error.Stopped):
        on_sale.send(on_sale.buy("bob", "ann", WAD, TOP))
    set_house(on_sale, stopped=2)
    on_sale.send(on_sale.buy("bob", "ann", 429 * RAD // TOP, TOP))
    on_sale.send(on_sale.buy("bob", "ann", 50 * WAD, TOP))
    with vm.fails(Error.NoAuction):
        on_sale.send(on_sale.buy("bob", "ann", WAD, TOP))


def test_no_part_is_sold_of_what_must_be_sold_whole(on_sale: Bank) -> None:
    on_sale.send(on_sale.buy("bob", "ann", 50 * WAD, TOP))
    with on_sale.vm.fails(Error.NoPartialPurchase):
        on_sale.send(on_sale.buy("bob", "ann", WAD, TOP))
    on_sale.send(on_sale.buy("bob", "ann", 2 * WAD, TOP))
    assert not sale(on_sale).running


@pytest.mark.parametrize("seconds", [119, 3_601])  # 0.99**119 < 0.3; or too long
def test_an_auction_too_old_or_too_low_must_be_reset(on_sale: Bank, seconds: int) -> None:
    set_house(on_sale, **({"cut": RAY} if seconds > 3_600 else {}))
    on_sale.pass_time(seconds - 1 if seconds > 3_600 else seconds)
    if seconds <= 3_600:
        on_sale.pass_time(1)
    else:
        with on_sale.vm.fails(Error.NoReset):
            on_sale.send(reset())
        on_sale.pass_time(1)
    with on_sale.vm.fails(Error.NeedsReset):
        on_sale.send(on_sale.buy("bob", "ann", WAD, TOP))
    on_sale.set_price(6)
    before = on_sale.coins("bob")
    on_sale.send(reset())
    assert sale(on_sale).top_price == 6 * RAY * 5 // 4
    assert on_sale.coins("bob") - before == RAD + 440 * RAD // 100
    with on_sale.vm.fails(Error.NoReset):
        on_sale.send(reset())


def test_nothing_is_earned_for_a_lot_that_is_not_worth_it(on_sale: Bank) -> None:
    on_sale.pass_time(90)  # the price is about 3.5
    on_sale.send(on_sale.buy("bob", "ann", 99 * WAD, 4 * RAY))
    on_sale.pass_time(3_600)
    before = on_sale.coins("bob")
    on_sale.send(reset())
    assert on_sale.coins("bob") == before


def test_the_admin_can_cancel(on_sale: Bank) -> None:
    cancel = stablecoin.cancel_auction(
        **KIND, house="house", auction="sale", receiver="admin_gem", admin="admin"
    )
    on_sale.send(cancel)
    on_sale.settle()
    assert (on_sale.gems("admin"), used(on_sale)) == (100 * WAD, (0, 0))
    with on_sale.vm.fails(Error.NoAuction):
        on_sale.send(cancel)


@pytest.mark.parametrize(
    "wrong", [{"penalty": WAD - 1}, {"cut": RAY + 1}, {"step_s": 0}, {"stopped": 4}]
)
def test_settings_out_of_range(bank: Bank, wrong: dict[str, Any]) -> None:
    with bank.vm.fails(Error.InvalidParameter):
        set_house(bank, **wrong)
