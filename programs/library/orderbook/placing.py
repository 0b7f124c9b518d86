"""Placing an order: match, charge the fee, post the rest. The instructions are in `trading.py`.

Follows `Orderbook::new_order` of OpenBook v2 and `place_order_inner` of Phoenix v1; a market's
`rules` decide where the two differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...kit import Context, Layout, div_up, fail, i64, require, u16, u64
from .engine import (
    FOREVER,
    LOTS_MAX,
    NO_PEG,
    PRICE_MAX,
    UNLIMITED,
    IncomingOrder,
    Ladder,
    Matching,
    Moment,
    OrderBook,
    OrderType,
    RestingOrder,
    SelfTrade,
    Side,
    Terms,
)
from .errors import OrderbookError
from .events import OrderPlaced, TakerFilled
from .ledger import Ledger
from .position import lock, require_room
from .state import Book, Market, MarketFees, OpenOrders


class NewOrder(Layout):
    """An order as it is sent. `quote_lots` include the fees; without a limit it is UNLIMITED.

    `price` is in ticks; of a pegged order (`peg_limit` above 0) it is `offset` from the oracle's.
    The order is good until `valid_until` (Unix time) and `valid_until_slot`, inclusive; 0: forever.
    """

    side: Side
    order_type: OrderType = OrderType.Limit
    self_trade: SelfTrade = SelfTrade.DecrementTake
    price: u64 = 0
    base_lots: u64 = UNLIMITED
    quote_lots: u64 = UNLIMITED
    min_base_lots: u64 = 0
    min_quote_lots: u64 = 0
    client_id: u64 = 0
    valid_until: u64 = FOREVER
    valid_until_slot: u64 = FOREVER
    matches_max: u16 = 0xFFFF
    offset: i64 = 0
    peg_limit: u64 = NO_PEG


class OrderResult(Layout):
    """What an order did, as return data. Amounts in tokens; `quote_in` and `quote_out` with fees.

    `sequence` is 0 unless the order was posted.
    """

    sequence: u64
    price: u64
    base_in: u64
    quote_in: u64
    base_out: u64
    quote_out: u64
    base_posted: u64
    quote_posted: u64
    base_free_used: u64
    quote_free_used: u64
    fee: u64


@dataclass(frozen=True, slots=True)
class Desk:
    """What placing an order needs of a market, gathered from the instruction's accounts."""

    ctx: Context
    market: Market
    terms: Terms
    book: Book
    orders: OrderBook
    fees: MarketFees
    ledger: Ledger
    own: OpenOrders | None
    moment: Moment


@dataclass(slots=True)
class Placed:
    """What an order costs and brings, in tokens. Nothing of it has been paid yet."""

    base: int = 0
    quote: int = 0
    fee: int = 0
    posted: int = 0  # what is locked for the rest, in tokens of the side
    sequence: int = 0
    price: int = 0

    def cost(self, side: Side) -> int:
        """What the trader owes: quote tokens for a bid, base tokens for an ask."""
        taken = self.quote + self.fee if side is Side.Bid else self.base
        return taken + self.posted

    def proceeds(self, side: Side) -> int:
        """What the trader gets: base tokens for a bid, quote tokens for an ask."""
        return self.base if side is Side.Bid else self.quote - self.fee


def place(desk: Desk, order: NewOrder) -> Placed:
    """Match the order and post the rest of it; credits makers, but moves no tokens."""
    terms, side = desk.terms, order.side
    if _is_late(order, desk.moment):
        return Placed()  # as the references: no error, so that other instructions go through
    price = _limit_price(desk, order)
    base_lots, quote_lots = _budgets(order, terms)
    incoming = IncomingOrder(
        side,
        price,
        base_lots,
        quote_lots if not order.order_type.takes else terms.matchable(side, quote_lots),
        order.matches_max,
        order.self_trade,
        None if desk.own is None else bytes(desk.own.key),
    )
    matching = Matching(terms, desk.orders, incoming, desk.moment, desk.ledger)
    matching.run(takes=order.order_type.takes)
    placed = _charge(desk, order, matching)
    _require_fill(order, placed, matching, terms)
    if order.order_type.posts:
        lots = _lots_to_post(order, terms, price, quote_lots, matching, placed)
        _post(desk, order, price, lots, placed)
    return placed


def _is_late(order: NewOrder, moment: Moment) -> bool:
    until, slot = order.valid_until, order.valid_until_slot
    return (until != FOREVER and until < moment.now) or (slot != FOREVER and slot < moment.slot)


def _limit_price(desk: Desk, order: NewOrder) -> int:
    """The price that the order may trade at, at worst."""
    side, kind = order.side, order.order_type
    if kind is OrderType.Market:
        return PRICE_MAX if side is Side.Bid else 1
    price = _named_price(desk, order)
    if desk.terms.phoenix and side is Side.Ask and price == 0:
        price = 1  # an ask at any price
    require(1 <= price <= PRICE_MAX, OrderbookError.PriceTooLow)
    if kind is OrderType.PostOnlySlide:
        best = desk.orders.best_price(side.opposite, desk.moment)
        if best is not None:
            price = min(price, best - 1) if side is Side.Bid else max(price, best + 1)
            require(price >= 1, OrderbookError.PriceTooLow)
    return price


def _named_price(desk: Desk, order: NewOrder) -> int:
    if order.peg_limit == NO_PEG:
        return order.price
    require(order.order_type.posts, OrderbookError.InvalidOrderType)
    oracle_price = desk.moment.oracle_price
    if oracle_price is None:
        fail(OrderbookError.NoOraclePrice)
    return oracle_price + order.offset


def _budgets(order: NewOrder, terms: Terms) -> tuple[int, int]:
    """Base and quote lots at most, the quote lots with fees."""
    limits = (order.base_lots, order.quote_lots)
    if terms.phoenix:
        require(0 not in limits, OrderbookError.InvalidQuantity)
        one = UNLIMITED in limits and limits != (UNLIMITED, UNLIMITED)
        require(one or order.order_type.posts, OrderbookError.InvalidQuantity)
    base_max, quote_max = LOTS_MAX // terms.base_lot, LOTS_MAX // terms.quote_lot
    return _capped(limits[0], base_max), _capped(limits[1], quote_max)


def _capped(lots: int, lots_max: int) -> int:
    require(lots <= lots_max or lots == UNLIMITED, OrderbookError.InvalidQuantity)
    return min(lots, lots_max)


def _charge(desk: Desk, order: NewOrder, matching: Matching) -> Placed:
    """What was taken, and the taker's fee on it; its own orders cost no fee."""
    terms, fees, taken = desk.terms, desk.fees, matching.matched
    placed = Placed(
        base=terms.base(taken.base_lots),
        quote=terms.quote_lot * taken.quote_lots,
        price=order.price,
    )
    if taken.base_lots == 0:
        return placed
    charged = terms.taker_fees(placed.quote - terms.quote_lot * taken.own_quote_lots)
    kept = charged - taken.rebates
    placed.fee = charged
    if kept:
        fees.accrued += kept
    fees.taker_volume += placed.quote
    if terms.phoenix:
        fees.available += kept
    elif desk.own is not None:
        desk.own.referrer_rebates += kept
        fees.rebates_credited += kept
    else:
        placed.fee = taken.rebates  # OpenBook's takers without an account pay no more
    if desk.own is not None:
        desk.own.taker_volume += placed.quote
    _emit_taken(desk, order, placed)
    return placed


def _emit_taken(desk: Desk, order: NewOrder, placed: Placed) -> None:
    taker = next(iter(desk.ctx.signers)) if desk.own is None else desk.own.key
    event = TakerFilled(
        taker=taker, side=order.side, base=placed.base, quote=placed.quote, fee=placed.fee
    )
    desk.ctx.emit(event)


def _require_fill(order: NewOrder, placed: Placed, matching: Matching, terms: Terms) -> None:
    """Fill-or-kill, and the least that an order must get."""
    if order.order_type is OrderType.FillOrKill:
        require(matching.base_lots == 0, OrderbookError.WouldExecutePartially)
    quote = placed.cost(Side.Bid) if order.side is Side.Bid else placed.proceeds(Side.Ask)
    enough = (
        matching.matched.base_lots >= order.min_base_lots
        and quote >= order.min_quote_lots * terms.quote_lot
    )
    require(enough, OrderbookError.WouldExecutePartially)


def _lots_to_post(
    order: NewOrder, terms: Terms, price: int, quote_lots: int, matching: Matching, placed: Placed
) -> int:
    """Base lots that the rest of the budget allows; both fees count against it."""
    if terms.phoenix:
        return matching.base_lots
    fee_lots = div_up(placed.fee, terms.quote_lot)
    quote_left = quote_lots - matching.matched.quote_lots - fee_lots
    quote_left -= terms.maker_fees_locked(quote_left) if quote_left > 0 else 0
    locked_price = order.peg_limit if _pegged_bid(order) else price
    return min(matching.base_lots, terms.affordable(max(0, quote_left), locked_price))


def _pegged_bid(order: NewOrder) -> bool:
    return order.peg_limit != NO_PEG and order.side is Side.Bid


def _post(desk: Desk, order: NewOrder, price: int, lots: int, placed: Placed) -> None:
    side, own = order.side, desk.own
    if lots == 0 or own is None or _is_beyond_peg(order, price) or _crosses(desk, order, price):
        return
    locked_price = order.peg_limit if _pegged_bid(order) else price
    quote = desk.terms.quote(lots, locked_price)
    require(quote <= LOTS_MAX, OrderbookError.InvalidQuantity)
    rank = price if order.peg_limit == NO_PEG else price - (desk.moment.oracle_price or 0)
    ladder = desk.orders.ladder(side, order.peg_limit != NO_PEG)
    _make_room(desk, ladder, rank)
    require_room(own, desk.market.orders_max)
    resting = RestingOrder(
        rank,
        desk.book.next_sequence(),
        lots,
        order.client_id,
        bytes(own.key),
        order.peg_limit,
        locked_price,
        order.valid_until,
        order.valid_until_slot,
    )
    ladder.insert(resting)
    lock(own, desk.terms, side, lots, locked_price)
    placed.sequence, placed.price = resting.sequence, price
    fee = desk.terms.maker_fees_locked(quote)
    placed.posted = quote + fee if side is Side.Bid else desk.terms.base(lots)
    _emit_placed(desk, side, resting, price)


def _emit_placed(desk: Desk, side: Side, resting: RestingOrder, price: int) -> None:
    event = OrderPlaced(
        account=resting.owner,
        side=side,
        sequence=resting.sequence,
        client_id=resting.client_id,
        price=price,
        lots=resting.quantity,
    )
    desk.ctx.emit(event)


def _is_beyond_peg(order: NewOrder, price: int) -> bool:
    return order.peg_limit != NO_PEG and order.side.better(price, order.peg_limit)


def _crosses(desk: Desk, order: NewOrder, price: int) -> bool:
    """Whether the rest would cross the book; it is then dropped, or a post-only order refused."""
    best = desk.orders.best_price(order.side.opposite, desk.moment)
    crosses = best is not None and order.side.accepts(best, price)
    refused = crosses and order.order_type is OrderType.PostOnly and desk.terms.phoenix
    require(not refused, OrderbookError.WouldCross)
    return crosses


def _make_room(desk: Desk, ladder: Ladder, rank: int) -> None:
    """Take an expired order off the ladder; if it is full, else the worst if the new is better."""
    if ladder.full or not desk.terms.phoenix:
        position = ladder.first_expired(desk.moment.now, desk.moment.slot)
        if position is not None:
            expired = ladder.at(position)
            ladder.remove(position)
            desk.ledger.expired(expired, ladder.side)
    if not ladder.full:
        return
    require(ladder.capacity > 0, OrderbookError.BookFull)
    worst = ladder.worst()
    require(ladder.side.better(rank, worst.price), OrderbookError.BookFull)
    ladder.remove(len(ladder) - 1)
    desk.ledger.evicted(worst, ladder.side)


def result_of(placed: Placed, side: Side, free_used: int) -> OrderResult:
    """The return data of an order of which `free_used` was paid with free funds."""
    if side is Side.Bid:
        return OrderResult(
            sequence=placed.sequence,
            price=placed.price,
            quote_in=placed.quote + placed.fee,
            base_out=placed.base,
            quote_posted=placed.posted,
            quote_free_used=free_used,
            fee=placed.fee,
        )
    return OrderResult(
        sequence=placed.sequence,
        price=placed.price,
        base_in=placed.base,
        quote_out=placed.quote - placed.fee,
        base_posted=placed.posted,
        base_free_used=free_used,
        fee=placed.fee,
    )
