"""Checks on the accounts of a market, and the desk where its orders are placed."""

from __future__ import annotations

from collections.abc import Sequence

from ...kit import Context, Pubkey, Signer, UncheckedAccount, require
from ..oracle import Feed, FeedStatus
from .engine import EventSlots, Terms
from .errors import OrderbookError
from .ledger import Ledger
from .placing import Desk
from .state import NOBODY, Book, EventQueue, Market, MarketFees, OpenOrders, moment_of


def open_desk(
    ctx: Context,
    market: Market,
    book: Book,
    fees: MarketFees,
    own: OpenOrders | None,
    events: EventQueue | None,
    oracle: Feed | None,
    makers: Sequence[UncheckedAccount],
) -> Desk:
    """Check the accounts against the market's keys, and that it still takes orders."""
    now = ctx.clock.unix_timestamp
    require(not market.has_expired(now), OrderbookError.MarketExpired, account=market)
    require_part(book, market.book)
    require_part(fees, market.fees)
    terms = market.terms
    queue = queue_of(market, events)
    ledger = Ledger(ctx, market.key, terms, fees, own, makers, queue)
    moment = moment_of(now, ctx.clock.slot, _oracle_price(ctx, market, terms, oracle))
    return Desk(ctx, market, terms, book, book.orders(), fees, ledger, own, moment)


def queue_of(market: Market, events: EventQueue | None) -> EventSlots | None:
    """The market's event queue, or None for a market that credits makers at once."""
    if events is None:
        require(market.events == NOBODY, OrderbookError.WrongAccount, account=market)
        return None
    require_part(events, market.events)
    return events.slots()


def require_part(account: UncheckedAccount, key: Pubkey) -> None:
    """Require that this is the account which the market or another account names."""
    require(account.key == key, OrderbookError.WrongAccount, account=account)


def require_trader(market: Market, open_orders: OpenOrders, signer: Signer) -> None:
    """Require that the account is one of this market and the signer its owner or delegate."""
    require(open_orders.market == market.key, OrderbookError.WrongAccount, account=open_orders)
    named = (open_orders.trader, open_orders.delegate)
    require(signer.key in named, OrderbookError.WrongOwner, account=open_orders)


def require_admin(admin: Pubkey, signer: Signer | None) -> None:
    """Require the signature of a market's admin, if it names one."""
    signed = admin == NOBODY or (signer is not None and signer.key == admin)
    require(signed, OrderbookError.AdminRequired)


def _oracle_price(ctx: Context, market: Market, terms: Terms, oracle: Feed | None) -> int | None:
    """The oracle's price in ticks, rounded down; None without one that may be used."""
    if oracle is None:
        return None
    require_part(oracle, market.oracle)
    age = ctx.clock.unix_timestamp - oracle.published_at
    if oracle.status is not FeedStatus.Trading or age > market.oracle_age_max_s:
        return None
    numerator, denominator = oracle.price * terms.base_lot, terms.quote_lot * terms.tick
    power = oracle.exponent + market.quote_decimals - market.base_decimals
    if power >= 0:
        return numerator * 10**power // denominator
    return numerator // (denominator * 10**-power)
