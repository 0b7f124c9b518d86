"""Matching an incoming order against the opposite side of the book, in price-time order.

Moves orders and counts lots; who is credited, and when, is up to the `Credits` it is given. After
`Orderbook::new_order` of OpenBook v2 and `FIFOMarket::match_order` of Phoenix v1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from .book import Candidate, Moment, OrderBook
from .lots import Terms
from .order import IncomingOrder, RestingOrder, SelfTrade, Side

EXPIRED_DROPPED_MAX: Final = 5  # of an OpenBook market, for one incoming order


class Credits(Protocol):
    """Who settles the consequences of a match."""

    def fill(self, order: RestingOrder, side: Side, lots: int, price: int) -> None:
        """`lots` of a resting order of `side` were traded at `price`."""
        ...

    def release(self, order: RestingOrder, side: Side, lots: int) -> None:
        """`lots` of a resting order of `side` left the book without a trade."""
        ...

    def expired(self, order: RestingOrder, side: Side) -> None:
        """As `release`, of a whole order that has expired."""
        ...

    def self_trade(self) -> None:
        """The order met one of its own account, and asked to be refused then."""
        ...


@dataclass(slots=True)
class Matched:
    """Lots taken, with those of the taker's own orders, and rebates due to makers (tokens)."""

    base_lots: int = 0
    quote_lots: int = 0
    own_quote_lots: int = 0
    rebates: int = 0


class Matching:
    """One incoming order on its way through the book.

    `base_lots` and `quote_lots` are what is left of its budgets.
    """

    def __init__(
        self, terms: Terms, book: OrderBook, order: IncomingOrder, moment: Moment, ledger: Credits
    ) -> None:
        self.matched = Matched()
        self.base_lots = order.base_lots
        self.quote_lots = order.quote_lots
        self._terms = terms
        self._order = order
        self._ledger = ledger
        self._walk = book.walk(order.side.opposite, moment)
        self._matches_left = order.matches_max
        self._expired_left = EXPIRED_DROPPED_MAX

    def run(self, *, takes: bool = True) -> Matched:
        """Match until a budget, the book or the limit of matches is exhausted.

        Without `takes` nothing is traded: only expired orders in the way are dropped.
        """
        while self.base_lots > 0 and self.quote_lots > 0:
            if self._terms.phoenix and self._matches_left == 0:
                break
            found = self._walk.peek()
            if found is None or not self._step(found, takes):
                break
        return self.matched

    def _step(self, found: Candidate, takes: bool) -> bool:
        """Deal with the best opposite order. Returns whether to go on."""
        order, phoenix = self._order, self._terms.phoenix
        if not found.valid and not phoenix:
            return self._drop_expired(found)
        if not order.side.accepts(found.price, order.limit_price):
            return False
        if not found.valid:
            self._matches_left -= takes
            return self._drop_expired(found)
        lots = min(self.base_lots, found.order.quantity, self._affordable(found.price))
        if not takes or self._matches_left == 0 or (lots == 0 and not phoenix):
            return False
        if found.order.owner == order.owner:
            return self._meet_own(found, lots)
        return self._take(found, lots)

    def _affordable(self, price: int) -> int:
        return self._terms.affordable(self.quote_lots, price)

    def _drop_expired(self, found: Candidate) -> bool:
        if self._terms.phoenix or self._expired_left > 0:
            self._expired_left -= 1
            found.remove()
            self._ledger.expired(found.order, found.ladder.side)
        else:
            self._walk.skip()
        return True

    def _meet_own(self, found: Candidate, lots: int) -> bool:
        if self._order.self_trade is SelfTrade.AbortTransaction:
            self._ledger.self_trade()
        if self._order.self_trade is SelfTrade.CancelProvide:
            found.remove()
            self._ledger.release(found.order, found.ladder.side, found.order.quantity)
            self._matches_left -= self._terms.phoenix
            return True
        if not self._terms.phoenix:
            return self._take(found, lots, own=True)
        self._shrink(found, lots)
        self._ledger.release(found.order, found.ladder.side, lots)
        self._spend(lots, found.price)
        return lots == found.order.quantity

    def _take(self, found: Candidate, lots: int, *, own: bool = False) -> bool:
        if lots == 0:
            return False
        terms, matched = self._terms, self.matched
        self._shrink(found, lots)
        self._spend(lots, found.price)
        quote_lots = terms.quote_lots(lots, found.price)
        matched.base_lots += lots
        matched.quote_lots += quote_lots
        if own:
            matched.own_quote_lots += quote_lots
        else:
            matched.rebates += terms.maker_rebate(terms.quote(lots, found.price))
        self._ledger.fill(found.order, found.ladder.side, lots, found.price)
        return True

    def _shrink(self, found: Candidate, lots: int) -> None:
        if lots == found.order.quantity:
            found.remove()
        else:
            found.resize(found.order.quantity - lots)

    def _spend(self, lots: int, price: int) -> None:
        self.base_lots -= lots
        self.quote_lots -= self._terms.quote_lots(lots, price)
        self._matches_left -= 1
