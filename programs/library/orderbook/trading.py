"""Instructions that place orders.

They write the market's book and event queue (hot), and the trader's own account. The fees are only
added to. Vaults and wallets are named only by those that move tokens: with enough free funds,
`place_with_free_funds` leaves them alone, so that trading in two markets of one mint, or deposits
and withdrawals beside it, do not wait.
"""

from __future__ import annotations

from ...kit import Adds, Arg, Context, Mut, Signer, UncheckedAccount, require
from ..oracle import Feed
from ..token_moves import move_in, move_out
from .desk import open_desk, require_admin, require_part, require_trader
from .engine import Side
from .errors import OrderbookError
from .placing import Desk, NewOrder, Placed, place, result_of
from .position import use_free
from .program import ORDER_UNITS, orderbook
from .state import Book, EventQueue, Market, MarketFees, OpenOrders


@orderbook.instruction(tag=0, compute_units=ORDER_UNITS)
def place_order(
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
    order: Arg[NewOrder],
) -> None:
    """Place an order: free funds pay first, then `wallet`; proceeds become free funds.

    `wallet` and `vault` are of the quote token for a bid, of the base token for an ask. Returns an
    OrderResult.
    """
    require_trader(market, open_orders, owner)
    require_admin(market.orders_admin, orders_admin)
    require_part(vault, market.quote_vault if order.side is Side.Bid else market.base_vault)
    desk = open_desk(ctx, market, book, fees, open_orders, events, oracle, makers)
    placed = place(desk, order)
    credit_proceeds(open_orders, order.side, placed)
    used = use_free(open_orders, order.side, placed.cost(order.side))
    move_in(ctx, wallet, vault, owner, placed.cost(order.side) - used)
    return_result(ctx, placed, order.side, used)


@orderbook.instruction(tag=1, compute_units=ORDER_UNITS)
def place_with_free_funds(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    events: Mut[EventQueue] | None,
    oracle: Feed | None,
    orders_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    order: Arg[NewOrder],
) -> None:
    """As place_order, with free funds alone: no vault is locked, and no token moves."""
    require_trader(market, open_orders, owner)
    require_admin(market.orders_admin, orders_admin)
    desk = open_desk(ctx, market, book, fees, open_orders, events, oracle, makers)
    placed = place(desk, order)
    used = use_free(open_orders, order.side, placed.cost(order.side))
    covered = used == placed.cost(order.side)
    require(covered, OrderbookError.InsufficientFreeFunds, account=open_orders)
    credit_proceeds(open_orders, order.side, placed)
    return_result(ctx, placed, order.side, used)


@orderbook.instruction(tag=2, compute_units=ORDER_UNITS)
def place_and_withdraw(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    events: Mut[EventQueue] | None,
    oracle: Feed | None,
    orders_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    order: Arg[NewOrder],
) -> None:
    """As place_order, but what the order takes goes to the owner's wallet at once."""
    require_trader(market, open_orders, owner)
    require(owner.key == open_orders.trader, OrderbookError.WrongOwner, account=open_orders)
    require_admin(market.orders_admin, orders_admin)
    desk = open_desk(ctx, market, book, fees, open_orders, events, oracle, makers)
    placed = place(desk, order)
    used = use_free(open_orders, order.side, placed.cost(order.side))
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    _exchange(desk, owner, wallets, vaults, authority, order.side, used, placed)


@orderbook.instruction(tag=3, compute_units=ORDER_UNITS)
def take_order(
    ctx: Context,
    market: Market,
    book: Mut[Book],
    fees: Adds[MarketFees],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    events: Mut[EventQueue] | None,
    oracle: Feed | None,
    orders_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    order: Arg[NewOrder],
) -> None:
    """Take from the book without an account in the market: wallet to wallet, nothing is posted."""
    require(not order.order_type.posts, OrderbookError.InvalidOrderType)
    require_admin(market.orders_admin, orders_admin)
    desk = open_desk(ctx, market, book, fees, None, events, oracle, makers)
    placed = place(desk, order)
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    _exchange(desk, owner, wallets, vaults, authority, order.side, 0, placed)


def return_result(ctx: Context, placed: Placed, side: Side, free_used: int) -> None:
    """Return the result to the caller. Last, as nested calls clear what was returned before."""
    ctx.set_return_data(result_of(placed, side, free_used).encode())


def credit_proceeds(account: OpenOrders, side: Side, placed: Placed) -> None:
    """Make what an order took free funds."""
    if side is Side.Bid:
        account.base_free += placed.proceeds(side)
    else:
        account.quote_free += placed.proceeds(side)


def _exchange(
    desk: Desk,
    owner: Signer,
    wallets: tuple[UncheckedAccount, UncheckedAccount],
    vaults: tuple[UncheckedAccount, UncheckedAccount],
    authority: UncheckedAccount,
    side: Side,
    free_used: int,
    placed: Placed,
) -> None:
    """Move what is owed in and the proceeds out; wallets and vaults are (base, quote)."""
    market = desk.market
    require_part(vaults[0], market.base_vault)
    require_part(vaults[1], market.quote_vault)
    require_part(authority, market.authority)
    paid = 1 if side is Side.Bid else 0
    move_in(desk.ctx, wallets[paid], vaults[paid], owner, placed.cost(side) - free_used)
    got = 1 - paid
    seeds = market.authority_seeds()
    move_out(desk.ctx, vaults[got], wallets[got], authority, seeds, placed.proceeds(side))
    return_result(desk.ctx, placed, side, free_used)
