"""The price of a market: its feed's, with 18 decimals, if fresh and trading."""

from __future__ import annotations

from typing import Final

from ...kit import Clock, require
from ..oracle import Feed, FeedStatus
from .errors import PerpetualsError
from .state import Market

EXPONENT_MIN: Final = -18
EXPONENT_MAX: Final = 0


def market_price(market: Market, feed: Feed, clock: Clock) -> int:
    """The feed's price for this market. For single values and for columns alike."""
    require(feed.key == market.feed, PerpetualsError.WrongFeed, account=feed)
    age_s = clock.unix_timestamp - feed.published_at
    return checked_price(
        feed, age_s, market.price_age_max_s, market.price_exponent, market.price_unit
    )


def price_now(market: Market, feed: Feed, clock: Clock) -> int:
    """The price at which the market was settled, or its feed's."""
    return market.settlement_price if market.settled else market_price(market, feed, clock)


def checked_price(feed: Feed, age_s: int, age_max_s: int, exponent: int, unit: int) -> int:
    """The price times `unit`, if the feed trades, and neither its age nor its form surprises."""
    require(feed.status == FeedStatus.Trading, PerpetualsError.InvalidPrice, account=feed)
    require(feed.price > 0, PerpetualsError.InvalidPrice, account=feed)
    require(feed.exponent == exponent, PerpetualsError.InvalidPrice, account=feed)
    require(age_s >= 0, PerpetualsError.StalePrice, account=feed)
    require(age_s <= age_max_s, PerpetualsError.StalePrice, account=feed)
    return feed.price * unit


def price_unit(exponent: int) -> int:
    """What a feed's price of this exponent is multiplied by to have 18 decimals."""
    fits = EXPONENT_MIN <= exponent <= EXPONENT_MAX
    require(fits, PerpetualsError.InvalidParameter, f"an exponent of {exponent}")
    return 10 ** (exponent - EXPONENT_MIN)
