"""Options written, taken back, and held against others: what a vault must hold for it."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.options import Expiry, options
from sealane.programs.library.options import OptionsError as Error
from sealane.testing import Vm

from .desk import AUTHORITY, EXPIRES_AT, OPTION, USD, Desk


def test_a_covered_put(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", OPTION, 200 * USD))
    assert (desk.held("ann_200"), desk.held("pool0")) == (OPTION, 200 * USD)
    with desk.vm.fails(Error.Undercollateralized, account="vault"):
        desk.vm.send(desk.withdraw("ann", 1))
    desk.vm.send(desk.deposit("ann", 5))
    desk.vm.send(desk.withdraw("ann", 5))
    desk.vm.send(desk.buy_back("ann", OPTION // 2))
    desk.vm.send(desk.withdraw("ann", 100 * USD))
    with desk.vm.fails(Error.InsufficientShort):
        desk.vm.send(desk.buy_back("ann", OPTION))


def test_a_fraction_of_an_option_asks_for_a_whole_unit(desk: Desk) -> None:
    desk.open_vault("ann")
    with desk.vm.fails(Error.Undercollateralized):
        desk.vm.send(desk.write("ann", 1, 1))
    desk.vm.send(desk.write("ann", 1, 2))


def test_a_covered_call(vm: Vm) -> None:
    desk = Desk(vm, is_put=False)
    desk.open_vault("ann")
    with vm.fails(Error.Undercollateralized):
        vm.send(desk.write("ann", OPTION, 10**9 - 1))
    vm.send(desk.write("ann", OPTION, 10**9))


def test_collateral_of_another_kind_is_by_its_price(vm: Vm) -> None:
    desk = Desk(vm, collateral="cusdc", margined=True)
    desk.set_price(2, "cusdc_feed")
    desk.open_vault("ann")
    feeds: dict[str, Any] = {"related": ["usdc_feed", "cusdc_feed"]}
    with vm.fails(Error.Undercollateralized):
        vm.send(desk.write("ann", OPTION, 100 * OPTION - 1, **feeds))
    with vm.fails(Error.MissingAccount):
        vm.send(desk.write("ann", OPTION, 100 * OPTION))
    with vm.fails(Error.WrongFeed):
        vm.send(desk.write("ann", OPTION, 100 * OPTION, related=["weth_feed", "cusdc_feed"]))
    vm.send(desk.write("ann", OPTION, 100 * OPTION, **feeds))


def test_a_spread_asks_for_the_difference(desk: Desk) -> None:
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 200 * USD))
    desk.give("ben", "ann", OPTION)
    desk.open_vault("ann")
    desk.vm.send(desk.deposit_long("ann", OPTION, 200))
    other: dict[str, Any] = {"related": ["series_200"]}
    with desk.vm.fails(Error.Undercollateralized):
        desk.vm.send(desk.write("ann", OPTION, 50 * USD - 1, 250, **other))
    with desk.vm.fails(Error.MissingAccount):
        desk.vm.send(desk.write("ann", OPTION, 50 * USD, 250))
    with desk.vm.fails(Error.WrongSeries):
        desk.vm.send(desk.write("ann", OPTION, 50 * USD, 250, related=["series_250"]))
    desk.vm.send(desk.write("ann", OPTION, 50 * USD, 250, **other))
    with desk.vm.fails(Error.Undercollateralized):
        desk.vm.send(desk.withdraw_long("ann", 1, 200, 250, ["series_200"]))
    desk.vm.send(desk.deposit("ann", 200 * USD))
    desk.vm.send(desk.withdraw_long("ann", OPTION, 200, 250))
    with desk.vm.fails(Error.InsufficientLong):
        desk.vm.send(desk.withdraw_long("ann", 1, 200, 250))


def test_what_cannot_be_one_spread(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.allot("later", Expiry)
    desk.vm.send(options.open_expiry(product="product", expiry="later", at=EXPIRES_AT))
    desk.open_series(300, "later")
    desk.vm.send(desk.write("ann", OPTION, 200 * USD))
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 300 * USD, 300))
    desk.give("ben", "ann", OPTION, 300)
    with desk.vm.fails(Error.LongNotMarginable):
        desk.vm.send(desk.deposit_long("ann", OPTION, 300, ["series_200"]))
    with desk.vm.fails(Error.LongNotMarginable):
        desk.vm.send(desk.deposit_long("ann", OPTION, 200, ["series_200"]))
    with desk.vm.fails(Error.MissingAccount):
        desk.vm.send(desk.deposit_long("ann", OPTION, 200))
    with desk.vm.fails(Error.WrongSeries):
        desk.vm.send(desk.deposit_long("ann", OPTION, 200, ["series_250"]))


def test_one_series_of_a_side(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", OPTION, 200 * USD))
    with desk.vm.fails(Error.ShortHeld):
        desk.vm.send(desk.write("ann", OPTION, 250 * USD, 250))
    with desk.vm.fails(Error.WrongSeries):
        desk.vm.send(desk.buy_back("ann", 1, 250))
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 250 * USD, 250))
    desk.give("ben", "cat", OPTION, 250)
    desk.give("ann", "cat", OPTION, 200)
    desk.open_vault("cat")
    desk.vm.send(desk.deposit_long("cat", 1, 250))
    with desk.vm.fails(Error.LongHeld):
        desk.vm.send(desk.deposit_long("cat", 1, 200))


def test_nothing_of_others(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.open_vault("ben")
    send, fails = desk.vm.send, desk.vm.fails
    with fails(Error.NotWriter):
        send(desk.write("ann", 1, 2, writer="ben", source="ben_money"))
    with fails(Error.NotWriter):
        send(desk.withdraw("ann", 0, writer="ben"))
    with fails(Error.WrongTokens):
        send(desk.write("ann", 1, 2, pool="ben_money"))
    with fails(Error.WrongTokens):
        send(desk.write("ann", 1, 2, stock="stock0_250"))
    with fails(Error.InsufficientCollateral):
        send(desk.withdraw("ann", 1))
    send(desk.write("ann", OPTION, 200 * USD))
    with fails(Error.WrongSeries):
        send(desk.withdraw("ann", 0, strike=250))
    with fails(Error.WrongTokens):
        send(desk.withdraw("ann", 0, pool="stock0_200"))


def test_nothing_is_written_after_expiry(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", OPTION, 201 * USD))
    desk.vm.advance(seconds=EXPIRES_AT)
    for call in (
        desk.write("ann", 1, 2),
        desk.buy_back("ann", 1),
        desk.withdraw("ann", 1),
        desk.deposit_long("ann", 1, 250, ["series_200"]),
    ):
        with desk.vm.fails(Error.Expired):
            desk.vm.send(call)


def test_stock_is_moved_and_burned_by_anybody(desk: Desk) -> None:
    common = {"product": "product", "series": "series_200", "authority": AUTHORITY, "amount": 7}
    before = desk.held("stock0_200")
    desk.vm.send(options.move_stock(source="stock0_200", destination="stock1_200", **common))
    desk.vm.send(options.burn_stock(mint="option_200", stock="stock0_200", **common))
    assert desk.held("stock0_200") == before - 14
    with desk.vm.fails(Error.WrongMint):
        desk.vm.send(options.burn_stock(mint="option_250", stock="stock0_250", **common))
    with desk.vm.fails(Error.WrongTokens):
        desk.vm.send(desk.mint_stock("ann_200", 1))
    with desk.vm.fails(Error.WrongTokens):
        desk.vm.send(options.move_stock(source="stock0_200", destination="ann_200", **common))


@pytest.mark.parametrize("margined", [False, True])
def test_naked_margin_needs_a_product_that_has_it(vm: Vm, margined: bool) -> None:
    desk = Desk(vm, margined=margined)
    if margined:
        desk.open_vault("ann", margined=True)
        return
    with vm.fails(Error.NotMargined):
        desk.open_vault("ann", margined=True)
