"""Changing an order, placing many, and cancelling: what makers do all day."""

from __future__ import annotations

from typing import Any

from sealane.programs.library.orderbook import NewOrder, Side, orderbook
from sealane.testing import Vm

from .exchange import PARTS, Exchange
from .solvency import assert_sound

VAULTS = {"base_vault": "base_vault", "quote_vault": "quote_vault"}


def place_orders(exchange: Exchange, trader: str, orders: list[NewOrder], cancel: bool) -> Any:
    return orderbook.place_orders(
        **PARTS,
        **VAULTS,
        **exchange.wallets(trader),
        open_orders=exchange.join(trader),
        owner=trader,
        events="events",
        oracle=None,
        orders_admin=None,
        makers=[],
        cancel=cancel,
        orders=orders,
    )


def test_many_orders_are_as_large_as_the_funds_allow(vm: Vm) -> None:
    # The reference's test of insufficient funds (test_multiple_orders.rs), and its figures.
    exchange = Exchange(vm, base_lot=100, quote_lot=10, maker_fee=-200, taker_fee=400)
    exchange.order("bob", Side.Ask, 1, 9_000, quote_lots=104)
    exchange.join("ann")
    exchange.put_tokens("ann's base", "base", "ann", 2_500)
    exchange.put_tokens("ann's quote", "quote", "ann", 110)
    exchange.deposit("ann", base=1_200)
    bid = NewOrder(side=Side.Bid, price=1, quote_lots=104)
    ask = NewOrder(side=Side.Ask, price=1, quote_lots=104)
    vm.send(place_orders(exchange, "ann", [bid, *([ask] * 4)], cancel=False))
    ann = exchange.position("ann")
    assert (ann.asks_base_lots, ann.bids_base_lots) == (35, 0)
    assert (ann.base_free, ann.quote_free, ann.referrer_rebates) == (0, 0, 1)
    assert (exchange.tokens("ann's base"), exchange.tokens("ann's quote")) == (0, 9)


def test_new_quotes_replace_the_old_and_are_paid_with_them(openbook: Exchange, vm: Vm) -> None:
    for price in (8, 9):
        openbook.order("ann", Side.Bid, price, 10)
    before = openbook.tokens("ann's quote")
    quotes = [NewOrder(side=Side.Bid, price=p, base_lots=8) for p in (9, 10)]
    vm.send(place_orders(openbook, "ann", quotes, cancel=True))
    assert openbook.levels(Side.Bid) == [[10, 8], [9, 8]]
    assert openbook.tokens("ann's quote") == before
    assert openbook.position("ann").quote_free == 10 * (10 * 17 - 8 * 19)
    assert_sound(openbook)


def test_an_edited_order_is_smaller_by_what_was_filled(openbook: Exchange, vm: Vm) -> None:
    openbook.order("ann", Side.Bid, 10, 9, client_id=7)
    openbook.makers = ["ann"]
    openbook.order("bob", Side.Ask, 10, 4)
    openbook.makers = []
    edit = {"how": "edit_order", "client_id": 7, "expected_lots": 9}
    vm.send(openbook.order_call("ann", Side.Bid, 9, 6, **edit))
    assert openbook.levels(Side.Bid) == [[9, 2]]
    vm.send(openbook.order_call("ann", Side.Bid, 9, 6, **(edit | {"expected_lots": 2})))
    assert openbook.levels(Side.Bid) == []  # as in the reference: nothing was filled
    assert_sound(openbook)


def test_orders_are_cancelled_by_number_client_side_and_price(openbook: Exchange) -> None:
    placed = [openbook.order("ann", Side.Bid, 10 + k, 1, client_id=k % 2) for k in range(5)]
    openbook.order("bob", Side.Bid, 12, 1)
    openbook.order("ann", Side.Ask, 20, 1)
    openbook.cancel("ann", "cancel_order", sequence=placed[4].sequence)
    assert openbook.levels(Side.Bid) == [[13, 1], [12, 2], [11, 1], [10, 1]]
    openbook.cancel("ann", "cancel_up_to", side=Side.Bid, price=12)
    assert openbook.levels(Side.Bid) == [[12, 1], [11, 1], [10, 1]]
    openbook.cancel("ann", "cancel_by_client_id", client_id=1)
    assert openbook.levels(Side.Bid) == [[12, 1], [10, 1]]
    openbook.cancel("ann", side=Side.Bid)
    assert (openbook.levels(Side.Bid), openbook.levels(Side.Ask)) == ([[12, 1]], [[20, 1]])
    openbook.cancel("ann", side=None)
    assert openbook.position("ann").orders == 0
    assert_sound(openbook)


def test_a_search_for_orders_to_cancel_is_bounded(phoenix: Exchange) -> None:
    for k in range(3):
        phoenix.order("ann", Side.Ask, 10 + k, 1)
    phoenix.cancel("ann", "cancel_up_to", side=Side.Ask, price=None, search_max=2, cancels_max=1)
    assert phoenix.levels(Side.Ask) == [[11, 1], [12, 1]]


def test_a_reduced_order_keeps_its_place(phoenix: Exchange) -> None:
    first = phoenix.order("ann", Side.Ask, 10, 5)
    phoenix.order("bob", Side.Ask, 10, 5)
    phoenix.cancel("ann", "reduce_order", sequence=first.sequence, base_lots=2)
    assert [order.quantity for order in phoenix.orders(Side.Ask)] == [3, 5]
    assert phoenix.position("ann").base_free == 2
    phoenix.cancel("ann", "reduce_order", sequence=first.sequence, base_lots=9)
    assert phoenix.position("ann").orders == 0
    assert_sound(phoenix)
