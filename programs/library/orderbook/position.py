"""What orders and trades do to an open-orders account: locking, releasing, crediting.

Each function keeps this true: locked and free together change by exactly what was traded, paid or
deposited. After OpenBook v2's `OpenOrdersAccount` and Phoenix v1's `TraderState`.
"""

from __future__ import annotations

from ...kit import require
from .engine import Side, Terms
from .errors import OrderbookError
from .state import OpenOrders


def lock(account: OpenOrders, terms: Terms, side: Side, lots: int, price: int) -> None:
    """Count a new order. What it costs is taken by `use_free` and a deposit."""
    account.orders += 1
    if side is Side.Ask:
        account.asks_base_lots += lots
        return
    account.bids_base_lots += lots
    account.bids_quote_lots += terms.quote_lots(lots, price)
    account.locked_maker_fees += terms.maker_fees_locked(terms.quote(lots, price))


def unlock(
    account: OpenOrders, terms: Terms, side: Side, lots: int, left: int, locked_price: int
) -> None:
    """Free `lots` of an order of which `left` stay on the book."""
    if side is Side.Ask:
        account.base_free += terms.base(lots)
    else:
        fees = terms.maker_fees_locked(terms.quote(lots + left, locked_price))
        fees -= terms.maker_fees_locked(terms.quote(left, locked_price))
        account.quote_free += terms.quote(lots, locked_price) + fees
        account.locked_maker_fees -= fees
    _count_out(account, terms, side, lots, left, locked_price)


def fill_maker(
    account: OpenOrders,
    terms: Terms,
    side: Side,
    lots: int,
    left: int,
    price: int,
    locked_price: int,
    *,
    own: bool,
) -> int:
    """Credit a maker with a trade at `price`; nothing is due for one with itself (`own`).

    Returns the fee that the maker pays, which waits in its account for a referrer.
    """
    quote = terms.quote(lots, price)
    fee = 0 if own else terms.maker_fees_due(quote)
    rebate = 0 if own else terms.maker_rebate(quote)
    if side is Side.Ask:
        account.quote_free += quote + rebate - fee
    else:
        _fill_bid(account, terms, lots, price, locked_price, fee)
        account.quote_free += rebate
    account.maker_volume += quote
    account.referrer_rebates += fee
    _count_out(account, terms, side, lots, left, locked_price)
    return fee


def _fill_bid(
    account: OpenOrders, terms: Terms, lots: int, price: int, locked_price: int, fee: int
) -> None:
    locked_fee = fee
    if locked_price != price:  # a pegged order: what its limit would have cost more is free again
        locked_quote = terms.quote(lots, locked_price)
        locked_fee = terms.maker_fees_due(locked_quote)
        account.quote_free += locked_quote - terms.quote(lots, price) + locked_fee - fee
    account.base_free += terms.base(lots)
    account.locked_maker_fees -= locked_fee


def _count_out(
    account: OpenOrders, terms: Terms, side: Side, lots: int, left: int, locked_price: int
) -> None:
    if side is Side.Ask:
        account.asks_base_lots -= lots
    else:
        account.bids_base_lots -= lots
        account.bids_quote_lots -= terms.quote_lots(lots, locked_price)
    if left == 0:
        account.orders -= 1


def use_free(account: OpenOrders, side: Side, cost: int) -> int:
    """Pay as much of `cost` as the free funds cover. Returns how much that is."""
    if side is Side.Bid:
        used = min(cost, account.quote_free)
        account.quote_free -= used
    else:
        used = min(cost, account.base_free)
        account.base_free -= used
    return used


def require_room(account: OpenOrders, orders_max: int) -> None:
    """Require that the account may have one more order."""
    room = orders_max == 0 or account.orders < orders_max
    require(room, OrderbookError.TooManyOrders, account=account)
