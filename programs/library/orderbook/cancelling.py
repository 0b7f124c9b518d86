"""Instructions that take orders off the book, or make them smaller.

They write the book and the trader's own account, and neither vaults nor fees nor events: what an
order had locked becomes free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...kit import Context, Mut, Option, Signer, i64, require, u16, u64
from .desk import require_admin, require_part, require_trader
from .engine import Ladder, OrderBook, RestingOrder, Rules, Side
from .errors import OrderbookError
from .ledger import Ledger
from .program import orderbook
from .state import Book, Market, OpenOrders

ALL = 0xFFFF


@orderbook.instruction(tag=4)
def cancel_order(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    sequence: u64,
) -> None:
    """Cancel the order with this sequence number."""
    cancelled = _cancel(ctx, market, book, open_orders, owner, lambda o: o.sequence == sequence)
    require(cancelled > 0, OrderbookError.OrderNotFound, account=open_orders)


@orderbook.instruction(tag=5)
def cancel_by_client_id(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    client_id: u64,
) -> None:
    """Cancel all own orders with this client id. Returns the base lots cancelled, a u64."""
    cancelled = _cancel(ctx, market, book, open_orders, owner, lambda o: o.client_id == client_id)
    ctx.set_return_data(cancelled.to_bytes(8, "little"))


@orderbook.instruction(tag=6)
def cancel_all(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    side: Option[Side],
    cancels_max: u16 = ALL,
) -> None:
    """Cancel up to `cancels_max` own orders, the best first; of one side if it is given."""
    _cancel(ctx, market, book, open_orders, owner, lambda _: True, side, cancels_max)


@orderbook.instruction(tag=7)
def cancel_up_to(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    side: Side,
    price: Option[i64],
    cancels_max: u16 = ALL,
    search_max: u16 = ALL,
) -> None:
    """Cancel own orders from the best price to `price`, among the best `search_max` of the book."""
    require_trader(market, open_orders, owner)
    require_part(book, market.book)
    ladder = book.orders().fixed[side]
    sign = side.sign
    found = [
        order
        for _, order in zip(range(search_max), ladder, strict=False)
        if order.owner == open_orders.key and (price is None or order.price * sign >= price * sign)
    ]
    _take_off(ctx, market, book.orders(), open_orders, side, False, found[:cancels_max])


@orderbook.instruction(tag=8)
def reduce_order(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    sequence: u64,
    base_lots: u64,
) -> None:
    """Make an order smaller by up to `base_lots`; it keeps its place in the book.

    By Phoenix's rules, an order that is no longer there is no error.
    """
    require_trader(market, open_orders, owner)
    require_part(book, market.book)
    ledger = Ledger(ctx, market.key, market.terms, None, open_orders)
    orders = book.orders()
    for ladder, _ in orders.ladders():
        for order in ladder.owned_by(open_orders.key):
            if order.sequence == sequence:
                lots = min(base_lots, order.quantity)
                _shrink(ladder, order, lots)
                ledger.release(order, ladder.side, lots)
                return
    others = any(order.sequence == sequence for ladder, _ in orders.ladders() for order in ladder)
    gone = market.rules is Rules.Phoenix and not others
    require(gone, OrderbookError.OrderNotFound, account=open_orders)


@orderbook.instruction(tag=9)
def prune_orders(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    open_orders: Mut[OpenOrders],
    admin: Signer,
    cancels_max: u16,
) -> None:
    """Cancel anybody's orders in a market that has expired; for its admin."""
    require_admin(market.admin, admin)
    require_part(book, market.book)
    require(open_orders.market == market.key, OrderbookError.WrongAccount, account=open_orders)
    expired = market.has_expired(ctx.clock.unix_timestamp)
    require(expired, OrderbookError.MarketNotExpired, account=market)
    cancel_owned(ctx, market, book, open_orders, cancels_max=cancels_max)


def _shrink(ladder: Ladder, order: RestingOrder, lots: int) -> None:
    position = ladder.find(order.price, order.sequence)
    if position is None:
        return
    if lots == order.quantity:
        ladder.remove(position)
    else:
        ladder.resize(position, order.quantity - lots)


def _cancel(
    ctx: Context,
    market: Market,
    book: Book,
    open_orders: OpenOrders,
    owner: Signer,
    wanted: Callable[[RestingOrder], bool],
    side: Side | None = None,
    cancels_max: int = ALL,
) -> int:
    require_trader(market, open_orders, owner)
    require_part(book, market.book)
    return cancel_owned(ctx, market, book, open_orders, wanted, side, cancels_max)


def cancel_owned(
    ctx: Context,
    market: Market,
    book: Book,
    open_orders: OpenOrders,
    wanted: Callable[[RestingOrder], bool] = lambda _: True,
    side: Side | None = None,
    cancels_max: int = ALL,
) -> int:
    """Cancel those orders of an account that are wanted. Returns their base lots."""
    orders, lots = book.orders(), 0
    for ladder, pegged in orders.ladders():
        if side in (None, ladder.side):
            found = [order for order in ladder.owned_by(open_orders.key) if wanted(order)]
            found = found[:cancels_max]
            cancels_max -= len(found)
            lots += _take_off(ctx, market, orders, open_orders, ladder.side, pegged, found)
    return lots


def _take_off(
    ctx: Context,
    market: Market,
    orders: OrderBook,
    open_orders: OpenOrders,
    side: Side,
    pegged: bool,
    found: Iterable[RestingOrder],
) -> int:
    ledger = Ledger(ctx, market.key, market.terms, None, open_orders)
    ladder, lots = orders.ladder(side, pegged), 0
    for order in found:
        position = ladder.find(order.price, order.sequence)
        if position is not None:
            ladder.remove(position)
            ledger.release(order, side, order.quantity)
            lots += order.quantity
    return lots
