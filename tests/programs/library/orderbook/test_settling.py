"""Funds out of the market: to traders, to referrers, to the market's admin."""

from __future__ import annotations

from sealane.programs.library.orderbook import OpenOrders, OrderType, Side, orderbook
from sealane.testing import Vm

from .exchange import RICH, VAULTS, Exchange
from .solvency import assert_sound


def test_a_referrer_gets_what_the_market_would(vm: Vm) -> None:
    exchange = Exchange(vm, base_lot=100, quote_lot=10, maker_fee=200, taker_fee=400)
    exchange.order("ann", Side.Bid, 10_000, 1)
    exchange.order("bob", Side.Ask, 10_000, 1)
    exchange.consume("ann")
    exchange.join("eve")
    exchange.settle("bob", referrer="eve's quote")
    exchange.settle("ann")
    assert exchange.tokens("eve's quote") == RICH + 40
    fees = exchange.fees
    assert (fees.accrued, fees.to_referrers, fees.available) == (60, 40, 20)
    exchange.sweep()
    assert exchange.tokens("sweeper's quote") == RICH + 20
    assert exchange.tokens("quote_vault") == 0


def test_a_delegate_trades_but_settles_to_the_trader_alone(openbook: Exchange, vm: Vm) -> None:
    openbook.delegate = "bot"
    openbook.join("ann")
    openbook.join("bot")
    openbook.deposit("ann", quote=1_000)
    free = {"how": "place_with_free_funds", "signer": "bot"}
    openbook.order("ann", Side.Bid, 10, 1, **free)
    openbook.cancel("ann", side=None, signer="bot")
    with vm.fails("orderbook.WrongOwner"):
        vm.send(openbook.settle_call("ann", signer="bot", to="bot"))
    vm.send(openbook.settle_call("ann", signer="bot"))
    assert openbook.tokens("ann's quote") == RICH
    vm.send(orderbook.set_delegate(open_orders="ann's orders", trader="ann", delegate=None))
    with vm.fails("orderbook.WrongOwner"):
        vm.send(openbook.settle_call("ann", signer="bot"))


def test_a_withdrawal_takes_no_more_than_there_is(openbook: Exchange, vm: Vm) -> None:
    openbook.deposit("ann", base=50, quote=70)
    call = orderbook.withdraw(
        market="market",
        open_orders="ann's orders",
        owner="ann",
        base=20,
        quote=2**64 - 1,
        **openbook.wallets("ann"),
        **VAULTS,
    )
    vm.send(call)
    ann = openbook.position("ann")
    assert (ann.base_free, ann.quote_free) == (30, 0)
    assert openbook.tokens("ann's quote") == RICH
    assert_sound(openbook)


def test_free_funds_need_no_vault(openbook: Exchange, vm: Vm) -> None:
    openbook.deposit("ann", quote=10_000)
    vm.send(openbook.order_call("ann", Side.Bid, 10, 1, how="place_with_free_funds"))
    assert not {"base_vault", "quote_vault", "ann's quote"} & set(vm.touched)
    assert vm.read("ann's orders", OpenOrders).bids_quote_lots == 10


def test_a_taker_without_an_account_gets_tokens_at_once(openbook: Exchange) -> None:
    openbook.order("ann", Side.Bid, 10_000, 1)
    openbook.order(
        "bob", Side.Ask, 10_000, 1, how="take_order", order_type=OrderType.ImmediateOrCancel
    )
    assert openbook.tokens("bob's quote") == RICH + 100_000 - 20  # the maker's rebate, no more
    assert openbook.tokens("bob's base") == RICH - 100
    assert_sound(openbook)


def test_a_trade_with_oneself_is_free(openbook: Exchange) -> None:
    openbook.order("ann", Side.Bid, 1_000, 1)
    openbook.order("ann", Side.Ask, 1_000, 1)
    openbook.consume("ann")
    openbook.settle("ann")
    assert (openbook.tokens("ann's base"), openbook.tokens("ann's quote")) == (RICH, RICH)


def test_what_rounding_leaves_locked_is_the_markets_when_no_bid_is_left(vm: Vm) -> None:
    exchange = Exchange(vm, maker_fee=1, taker_fee=0)
    exchange.order("ann", Side.Bid, 10, 2)
    exchange.makers = ["ann"]
    exchange.order("bob", Side.Ask, 10, 1)
    exchange.settle("ann")
    assert (exchange.position("ann").locked_maker_fees, exchange.fees.available) == (1, 0)
    exchange.order("bob", Side.Ask, 10, 1)
    exchange.settle("ann")
    assert (exchange.position("ann").locked_maker_fees, exchange.fees.available) == (0, 1)
