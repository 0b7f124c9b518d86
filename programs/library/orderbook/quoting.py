"""Instructions for those who quote all day: change an order, place many at once.

After OpenBook v2's `edit_order` and `cancel_all_and_place_orders`.
"""

from __future__ import annotations

from ...kit import Adds, Arg, Context, Mut, Signer, UncheckedAccount, require, u64
from ..oracle import Feed
from ..token import TokenAccount
from ..token_moves import move_in
from .cancelling import cancel_owned
from .desk import open_desk, require_admin, require_part, require_trader
from .engine import Side, Terms
from .errors import OrderbookError
from .placing import NewOrder, place
from .position import use_free
from .program import ORDER_UNITS, orderbook
from .state import Book, EventQueue, Market, MarketFees, OpenOrders
from .trading import credit_proceeds, return_result

ORDERS_MAX = 16  # of one place_orders


@orderbook.instruction(tag=21, compute_units=ORDER_UNITS)
def edit_order(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    wallet: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    events: Mut[EventQueue] | None,
    oracle: Feed | None,
    orders_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    client_id: u64,
    expected_lots: u64,
    order: Arg[NewOrder],
) -> None:
    """Cancel the orders of a client id and place another, smaller by what was filled meanwhile.

    Filled is what is missing of `expected_lots`. As in the reference, nothing is placed if nothing
    was filled, or as much as the new order asks for.
    """
    require_trader(market, open_orders, owner)
    require_admin(market.orders_admin, orders_admin)
    require_part(vault, market.quote_vault if order.side is Side.Bid else market.base_vault)
    desk = open_desk(ctx, market, book, fees, open_orders, events, oracle, makers)
    cancelled = cancel_owned(ctx, market, book, open_orders, lambda o: o.client_id == client_id)
    filled = expected_lots - cancelled
    if filled <= 0 or order.base_lots <= filled:
        return
    placed = place(desk, _changed(order, base_lots=order.base_lots - filled))
    credit_proceeds(open_orders, order.side, placed)
    used = use_free(open_orders, order.side, placed.cost(order.side))
    move_in(ctx, wallet, vault, owner, placed.cost(order.side) - used)
    return_result(ctx, placed, order.side, used)


@orderbook.instruction(tag=22, compute_units=ORDER_UNITS * 2)
def place_orders(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[TokenAccount],
    quote_wallet: Mut[TokenAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    events: Mut[EventQueue] | None,
    oracle: Feed | None,
    orders_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    cancel: bool,
    orders: list[Arg[NewOrder]],
) -> None:
    """Place up to 16 orders, after cancelling all others if `cancel`; pay for them together.

    An order that wallet and free funds cannot cover becomes smaller.
    """
    require_trader(market, open_orders, owner)
    require_admin(market.orders_admin, orders_admin)
    require_part(base_vault, market.base_vault)
    require_part(quote_vault, market.quote_vault)
    require(len(orders) <= ORDERS_MAX, OrderbookError.InvalidQuantity)
    desk = open_desk(ctx, market, book, fees, open_orders, events, oracle, makers)
    if cancel:
        cancel_owned(ctx, market, book, open_orders)
    costs = {Side.Bid: 0, Side.Ask: 0}
    held = {Side.Bid: quote_wallet.amount, Side.Ask: base_wallet.amount}
    for order in orders:
        side = order.side
        free = open_orders.quote_free if side is Side.Bid else open_orders.base_free
        placed = place(desk, _covered(order, desk.terms, held[side] + free - costs[side]))
        credit_proceeds(open_orders, side, placed)
        costs[side] += placed.cost(side)
    owed = {side: cost - use_free(open_orders, side, cost) for side, cost in costs.items()}
    move_in(ctx, quote_wallet, quote_vault, owner, owed[Side.Bid])
    move_in(ctx, base_wallet, base_vault, owner, owed[Side.Ask])


def _covered(order: NewOrder, terms: Terms, funds: int) -> NewOrder:
    """The order, no larger than these funds pay for."""
    if order.side is Side.Bid:
        return _changed(order, quote_lots=min(order.quote_lots, funds // terms.quote_lot))
    return _changed(order, base_lots=min(order.base_lots, funds // terms.base_lot))


def _changed(order: NewOrder, **values: int) -> NewOrder:
    return NewOrder(**(order.values() | values))
