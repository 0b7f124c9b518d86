"""Each error once, in the shortest way to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sealane.programs.library.orderbook import (
    OpenOrders,
    OrderType,
    Rules,
    SelfTrade,
    Side,
    orderbook,
)
from sealane.testing import TransactionFailed, Vm

from .exchange import PARTS, VAULTS, Exchange


def order_error(exchange: Exchange, *order: Any, **more: Any) -> str | None:
    return exchange.try_order(*order, **more).error


@pytest.mark.parametrize(
    "terms",
    [{"tick": 0}, {"base_lot": 0}, {"maker_fee": -2, "taker_fee": 1}, {"taker_fee": 1_000_000}],
)
def test_terms(vm: Vm, terms: dict[str, int]) -> None:
    with pytest.raises(TransactionFailed, match="InvalidTerms"):
        Exchange(vm, **terms)


def test_accounts_of_another_market(openbook: Exchange, vm: Vm) -> None:
    openbook.join("ann")
    copied = vm.account("book")
    vm.set_account("other", owner="orderbook", data=copied.data, lamports=1)
    cancel = orderbook.cancel_all(
        market="market", book="other", open_orders="ann's orders", owner="ann", side=None
    )
    with vm.fails("orderbook.WrongAccount", account="other"):
        vm.send(cancel)


def test_vaults_and_makers_of_another_market(openbook: Exchange, vm: Vm) -> None:
    call = openbook.order_call("ann", Side.Bid, 5, 1)
    other = vm.account("quote_vault")
    vm.set_account("other vault", owner="token", data=other.data, lamports=1)
    swapped = [
        meta._replace(key=vm.key("other vault")) if meta.key == vm.key("quote_vault") else meta
        for meta in call.accounts
    ]
    with vm.fails("orderbook.WrongAccount", account="other vault"):
        vm.send(replace(call, accounts=tuple(swapped)))
    openbook.order("bob", Side.Ask, 5, 1)
    bob = OpenOrders.decode(vm.account("bob's orders").data)
    bob.market = vm.key("another market")
    vm.set_account("bob's orders", owner="orderbook", data=bob, lamports=1)
    openbook.makers = ["bob"]
    assert order_error(openbook, "ann", Side.Bid, 5, 1) == "WrongAccount"


def test_others_may_not_trade_for_a_trader(openbook: Exchange) -> None:
    openbook.join("mallory")
    assert order_error(openbook, "ann", Side.Bid, 5, 1, signer="mallory") == "WrongOwner"


def test_admins_must_sign(vm: Vm) -> None:
    exchange = Exchange(vm, orders_admin="admin", events_admin="admin", admin="admin")
    assert order_error(exchange, "ann", Side.Bid, 5, 1) == "AdminRequired"
    exchange.orders_admin = "admin"
    assert order_error(exchange, "ann", Side.Bid, 5, 1) is None
    with vm.fails("orderbook.AdminRequired"):
        exchange.consume("ann")
    with vm.fails("orderbook.AdminRequired"):
        vm.send(orderbook.expire_market(market="market", admin="ann"))
    with vm.fails("orderbook.AdminRequired"):
        vm.send(
            orderbook.sweep_fees(
                **{k: v for k, v in VAULTS.items() if k != "base_vault"},
                market="market",
                fees="fees",
                admin="ann",
                destination="ann's quote",
            )
        )


def test_an_expired_market_takes_no_orders_or_deposits(vm: Vm) -> None:
    exchange = Exchange(vm, admin="admin")
    exchange.order("ann", Side.Bid, 5, 1)
    prune = orderbook.prune_orders(
        market="market",
        book="book",
        open_orders=exchange.join("ann"),
        admin="admin",
        cancels_max=9,
    )
    with vm.fails("orderbook.MarketNotExpired"):
        vm.send(prune)
    vm.advance(seconds=1)
    vm.send(orderbook.expire_market(market="market", admin="admin"))
    assert order_error(exchange, "ann", Side.Bid, 5, 1) == "MarketExpired"
    with vm.fails("orderbook.MarketExpired"):
        exchange.deposit("ann", 1, 1)
    close = orderbook.close_market(
        **PARTS,
        base_vault="base_vault",
        quote_vault="quote_vault",
        events="events",
        admin="admin",
        destination="admin",
    )
    with vm.fails("orderbook.NotEmpty"):
        vm.send(close)
    vm.send(prune)
    vm.send(exchange.settle_call("ann", signer="admin"))
    vm.send(close)
    assert vm.account("market").lamports == 0


def test_prices_and_quantities(openbook: Exchange, vm: Vm) -> None:
    assert order_error(openbook, "ann", Side.Bid, 0, 1) == "PriceTooLow"
    assert order_error(openbook, "ann", Side.Bid, 5, 2**62) == "InvalidQuantity"
    openbook.order("ann", Side.Ask, 1, 1)
    slide = {"order_type": OrderType.PostOnlySlide}
    assert order_error(openbook, "bob", Side.Bid, 5, 1, **slide) == "PriceTooLow"


def test_phoenix_asks_for_one_budget(phoenix: Exchange) -> None:
    take = {"order_type": OrderType.ImmediateOrCancel}
    assert order_error(phoenix, "ann", Side.Bid, 5, 1, quote_lots=1, **take) == "InvalidQuantity"
    assert order_error(phoenix, "ann", Side.Bid, 5, 0) == "InvalidQuantity"


def test_partly_filled(openbook: Exchange) -> None:
    openbook.order("ann", Side.Ask, 5, 3)
    kill = {"order_type": OrderType.FillOrKill}
    assert order_error(openbook, "bob", Side.Bid, 5, 4, **kill) == "WouldExecutePartially"
    least = {"order_type": OrderType.ImmediateOrCancel, "min_base_lots": 4}
    assert order_error(openbook, "bob", Side.Bid, 5, 9, **least) == "WouldExecutePartially"
    assert openbook.levels(Side.Ask) == [[5, 3]]


def test_self_trade(openbook: Exchange) -> None:
    openbook.order("ann", Side.Ask, 5, 3)
    abort = {"self_trade": SelfTrade.AbortTransaction}
    assert order_error(openbook, "ann", Side.Bid, 5, 1, **abort) == "WouldSelfTrade"


def test_a_post_only_order_that_crosses(openbook: Exchange, vm: Vm) -> None:
    openbook.order("ann", Side.Ask, 5, 3)
    post = {"order_type": OrderType.PostOnly}
    assert openbook.order("bob", Side.Bid, 5, 1, **post).sequence == 0
    with Vm() as other:
        phoenix = Exchange(other, events=0, rules=Rules.Phoenix)
        phoenix.order("ann", Side.Ask, 5, 3)
        assert order_error(phoenix, "bob", Side.Bid, 5, 1, **post) == "WouldCross"


def test_a_full_book(vm: Vm) -> None:
    exchange = Exchange(vm, capacity=2)
    exchange.order("ann", Side.Bid, 5, 1)
    exchange.order("ann", Side.Bid, 6, 1)
    assert order_error(exchange, "bob", Side.Bid, 5, 1) == "BookFull"
    exchange.order("bob", Side.Bid, 7, 1)
    assert (exchange.levels(Side.Bid), exchange.waiting()) == ([[7, 1], [6, 1]], 1)


def test_an_expired_order_makes_room_before_the_worst(vm: Vm) -> None:
    exchange = Exchange(vm, capacity=2)
    until = vm.clock.unix_timestamp + 5
    exchange.order("ann", Side.Bid, 6, 1, valid_until=until)
    exchange.order("ann", Side.Bid, 5, 1)
    vm.advance(seconds=6)
    exchange.order("bob", Side.Bid, 4, 1)
    assert (exchange.levels(Side.Bid), exchange.waiting()) == ([[5, 1], [4, 1]], 1)


def test_an_expired_order_of_the_side_leaves_when_another_is_posted(vm: Vm) -> None:
    openbook = Exchange(vm)
    openbook.order("ann", Side.Bid, 6, 1, valid_until=vm.clock.unix_timestamp + 5)
    vm.advance(seconds=6)
    openbook.order("ann", Side.Bid, 4, 1)
    assert (openbook.levels(Side.Bid), openbook.waiting()) == ([[4, 1]], 0)
    assert openbook.position("ann").quote_free == 2


def test_too_many_orders(vm: Vm) -> None:
    exchange = Exchange(vm, orders_max=2)
    exchange.order("ann", Side.Bid, 5, 1)
    exchange.order("ann", Side.Ask, 9, 1)
    assert order_error(exchange, "ann", Side.Bid, 4, 1) == "TooManyOrders"


def test_a_full_event_queue(vm: Vm) -> None:
    exchange = Exchange(vm, events=1)
    exchange.order("ann", Side.Ask, 5, 9)
    exchange.order("bob", Side.Bid, 5, 1)
    assert order_error(exchange, "bob", Side.Bid, 5, 1) == "EventQueueFull"
    exchange.makers = ["ann"]
    exchange.order("bob", Side.Bid, 5, 1)


def test_makers_must_be_passed_where_there_is_no_queue(phoenix: Exchange) -> None:
    phoenix.order("ann", Side.Ask, 5, 9)
    assert order_error(phoenix, "bob", Side.Bid, 5, 1) == "MakerAccountMissing"


def test_free_funds(openbook: Exchange) -> None:
    free = {"how": "place_with_free_funds"}
    assert order_error(openbook, "ann", Side.Bid, 5, 1, **free) == "InsufficientFreeFunds"
    openbook.deposit("ann", quote=50)
    assert order_error(openbook, "ann", Side.Bid, 5, 1, **free) is None
    assert order_error(openbook, "ann", Side.Bid, 5, 1, **free) == "InsufficientFreeFunds"


@pytest.mark.parametrize("how", ["cancel_order", "reduce_order"])
def test_there_is_no_such_order(openbook: Exchange, vm: Vm, how: str) -> None:
    openbook.order("ann", Side.Bid, 5, 1)
    more = {"base_lots": 1} if how == "reduce_order" else {}
    with vm.fails("orderbook.OrderNotFound"):
        openbook.cancel("bob", how, sequence=1, **more)


def test_an_order_that_is_gone_is_no_error_by_the_rules_of_phoenix(
    phoenix: Exchange, vm: Vm
) -> None:
    order = phoenix.order("ann", Side.Bid, 5, 1)
    phoenix.cancel("bob", "reduce_order", sequence=order.sequence + 1, base_lots=1)
    with vm.fails("orderbook.OrderNotFound"):
        phoenix.cancel("bob", "reduce_order", sequence=order.sequence, base_lots=1)


def test_there_is_no_such_slot(openbook: Exchange, vm: Vm) -> None:
    with vm.fails("orderbook.NoEventSlot"):
        openbook.consume("ann", slots=[16])


def test_pegs_need_an_oracle_and_cannot_take(vm: Vm) -> None:
    exchange = Exchange(vm, peg_capacity=2)
    assert order_error(exchange, "ann", Side.Bid, 0, 1, peg_limit=9) == "NoOraclePrice"
    take = {"order_type": OrderType.ImmediateOrCancel}
    assert order_error(exchange, "ann", Side.Bid, 5, 1, peg_limit=9, **take) == "InvalidOrderType"


def test_taking_without_an_account_posts_nothing(openbook: Exchange) -> None:
    assert order_error(openbook, "ann", Side.Bid, 5, 1, how="take_order") == "InvalidOrderType"


def test_an_account_with_funds_stays_open(openbook: Exchange, vm: Vm) -> None:
    openbook.deposit("ann", base=1)
    close = orderbook.close_open_orders(
        open_orders=openbook.join("ann"), trader="ann", destination="ann"
    )
    with vm.fails("orderbook.NotEmpty"):
        vm.send(close)
    openbook.settle("ann")
    vm.send(close)
    assert vm.account("ann's orders").lamports == 0


def test_an_account_with_credits_waiting_stays_open(openbook: Exchange, vm: Vm) -> None:
    """Else nobody could consume the event, and enough of them would fill the queue for good."""
    openbook.order("ann", Side.Ask, 5, 9)
    openbook.order("bob", Side.Bid, 5, 1)
    openbook.cancel("ann", side=None)
    openbook.settle("ann")
    close = orderbook.close_open_orders(
        open_orders=openbook.join("ann"), trader="ann", destination="ann"
    )
    with vm.fails("orderbook.NotEmpty"):
        vm.send(close)
    openbook.consume("ann")
    openbook.settle("ann")
    vm.send(close)
    assert (openbook.waiting(), vm.account("ann's orders").lamports) == (0, 0)
