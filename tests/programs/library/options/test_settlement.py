"""After expiry: the prices that count, holders' payouts, writers' rest."""

from __future__ import annotations

from sealane.programs.library.options import Expiry, PayoutQuote, options
from sealane.programs.library.options import OptionsError as Error
from sealane.programs.library.options.rules.fixed_point import ONE
from sealane.programs.library.oracle import FeedStatus
from sealane.testing import Vm

from .desk import EXPIRES_AT, OPTION, STARTING, USD, WINDOW_S, Desk


def test_holders_are_paid_and_writers_get_the_rest(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", 2 * OPTION, 400 * USD))
    desk.give("ann", "ben", OPTION)
    desk.expire(150)
    desk.vm.send(desk.redeem("ben", OPTION))
    desk.vm.send(desk.settle("ann"))
    desk.vm.send(desk.redeem("ann", OPTION))
    assert (desk.held("ben_money"), desk.held("ann_money")) == (
        STARTING + 50 * USD,
        STARTING - 50 * USD,
    )
    assert desk.held("pool0") == 0
    vault = desk.vault("ann")
    assert (vault.short_amount, vault.collateral) == (0, 0)


def test_a_spread_is_settled_by_both_sides(desk: Desk) -> None:
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 200 * USD))
    desk.give("ben", "ann", OPTION)
    desk.open_vault("ann")
    desk.vm.send(desk.deposit_long("ann", OPTION, 200))
    desk.vm.send(desk.write("ann", OPTION, 50 * USD, 250, related=["series_200"]))
    desk.give("ann", "cat", OPTION, 250)
    desk.expire(210)
    with desk.vm.fails(Error.MissingAccount):
        desk.vm.send(desk.settle("ann", 250))
    with desk.vm.fails(Error.WrongSeries):
        desk.vm.send(desk.settle("ann", 200))
    desk.vm.send(desk.settle("ann", 250, ["series_200"]))
    desk.vm.send(desk.redeem("cat", OPTION, 250))
    desk.vm.send(desk.settle("ben"))
    assert [desk.held(f"{name}_money") - STARTING for name in ("ann", "ben", "cat")] == [
        -40 * USD,
        0,
        40 * USD,
    ]


def test_a_long_option_alone_is_settled_like_a_redemption(desk: Desk) -> None:
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 200 * USD))
    desk.open_vault("cat")
    desk.give("ben", "cat", OPTION)
    desk.vm.send(desk.deposit_long("cat", OPTION, 200))
    desk.expire(150)
    with desk.vm.fails(Error.WrongSeries):
        desk.vm.send(desk.settle("cat", 250))
    desk.vm.send(desk.settle("cat"))
    assert desk.held("cat_money") == STARTING + 50 * USD


def test_a_long_option_is_taken_out_after_expiry(desk: Desk) -> None:
    desk.open_vault("ben")
    desk.vm.send(desk.write("ben", OPTION, 200 * USD))
    desk.open_vault("cat")
    desk.give("ben", "cat", OPTION)
    desk.vm.send(desk.deposit_long("cat", OPTION, 200))
    desk.expire(150)
    desk.vm.send(desk.withdraw_long("cat", OPTION, 200, 200))
    desk.vm.send(desk.redeem("cat", OPTION))
    assert desk.held("cat_money") == STARTING + 50 * USD


def test_calls_are_paid_in_the_underlying(vm: Vm) -> None:
    desk = Desk(vm, is_put=False)
    desk.open_vault("ann")
    vm.send(desk.write("ann", OPTION, 10**9))
    desk.expire(300)
    receipt = vm.send(options.quote_payout(expiry="expiry", series="series_200"))
    quote = PayoutQuote.decode(receipt.return_data or b"")
    assert (quote.cash_value, quote.rate) == (100 * ONE, 333_333_333)
    vm.send(desk.redeem("ann", OPTION))
    vm.send(desk.settle("ann"))
    assert desk.held("ann_money") == STARTING - 1  # both are rounded down
    assert desk.held("pool0") == 1


def test_nothing_is_paid_before_the_prices_are_final(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", OPTION, 200 * USD))
    quote = options.quote_payout(expiry="expiry", series="series_200")
    with desk.vm.fails(Error.NotExpired):
        desk.vm.send(quote)
    with desk.vm.fails(Error.NotExpired):
        desk.vm.send(desk.set_prices())
    desk.vm.advance(seconds=EXPIRES_AT)
    for call in (quote, desk.redeem("ann", 1), desk.settle("ann")):
        with desk.vm.fails(Error.NotFinal):
            desk.vm.send(call)
    desk.allot("other", Expiry)
    desk.vm.set_account("other", data=Expiry(product="product", final=True))
    for call in (desk.redeem("ann", 1, expiry="other"), desk.settle("ann", expiry="other")):
        with desk.vm.fails(Error.WrongExpiry):
            desk.vm.send(call)


def test_which_price_counts(desk: Desk) -> None:
    vm = desk.vm
    vm.advance(seconds=EXPIRES_AT - vm.clock.unix_timestamp)
    desk.set_price(1, "usdc_feed")
    with vm.fails(Error.StalePrice):
        vm.send(desk.set_prices())
    desk.set_price(150, published_at=EXPIRES_AT - 1)
    with vm.fails(Error.PriceBeforeExpiry):
        vm.send(desk.set_prices())
    for price, status in ((150, FeedStatus.Halted), (0, FeedStatus.Trading)):
        desk.set_price(price, status=status)
        with vm.fails(Error.InvalidPrice):
            vm.send(desk.set_prices())
    desk.set_price(150)
    with vm.fails(Error.WrongFeed):
        vm.send(desk.set_prices(underlying_feed="usdc_feed"))
    vm.send(desk.set_prices())
    with vm.fails(Error.AlreadyFinal):
        vm.send(desk.set_prices())
    prices = vm.read("expiry", Expiry)
    assert (prices.underlying_price, prices.strike_price) == (150 * OPTION, OPTION)


def test_after_a_while_only_the_admin_sets_the_prices(desk: Desk) -> None:
    desk.vm.advance(seconds=EXPIRES_AT + WINDOW_S + 1 - desk.vm.clock.unix_timestamp)
    desk.set_price(150)
    desk.set_price(1, "usdc_feed")
    with desk.vm.fails(Error.WindowOver):
        desk.vm.send(desk.set_prices())
    desk.vm.send(desk.set_prices("admin"))
