"""How a program reads a price: fresh, trading, above zero and certain enough, or its own error.

>>> from sealane.programs.library.oracle import Feed, FeedStatus, Price
>>> Price(9_998, -4, 2).scaled(18)
999800000000000000
"""

from __future__ import annotations

from dataclasses import dataclass

from ...kit import Clock, Errors, InstructionErrors, require
from ..units import BASIS_POINTS
from .state import Feed, FeedStatus


@dataclass(frozen=True, slots=True)
class Price:
    """`value * 10**exponent`, give or take `confidence * 10**exponent`."""

    value: int
    exponent: int
    confidence: int

    def scaled(self, decimals: int) -> int:
        """The price as an integer with this many decimals, rounded down."""
        return shifted(self.value, self.exponent + decimals)

    def low(self, decimals: int) -> int:
        """The lower end of the confidence interval, at least 0: for what is owned."""
        return shifted(max(self.value - self.confidence, 0), self.exponent + decimals)

    def high(self, decimals: int) -> int:
        """The upper end of the confidence interval, rounded up: for what is owed."""
        return -shifted(-(self.value + self.confidence), self.exponent + decimals)


def shifted(value: int, digits: int) -> int:
    """`value * 10**digits`, rounded down."""
    return value * 10**digits if digits >= 0 else value // 10**-digits


def fresh_price(
    feed: Feed,
    clock: Clock,
    max_age_s: int,
    *,
    stale: Errors,
    invalid: Errors = InstructionErrors.InvalidAccountData,
    confidence_max_bps: int = BASIS_POINTS,
) -> Price:
    """The feed's price, for a program whose errors are `stale` and `invalid`.

    Fails with `stale` if it was published more than `max_age_s` ago, or later than now; with
    `invalid` if the feed is not trading, the price is not above 0, or its confidence interval is
    wider than `confidence_max_bps` basis points of it.
    """
    require_usable(feed, feed.price, feed.confidence, invalid, confidence_max_bps)
    age_s = clock.unix_timestamp - feed.published_at
    require(age_s >= 0, stale, account=feed)
    require(age_s <= max_age_s, stale, account=feed)
    return Price(feed.price, feed.exponent, feed.confidence)


def fresh_average(
    feed: Feed,
    clock: Clock,
    max_age_s: int,
    *,
    stale: Errors,
    invalid: Errors = InstructionErrors.InvalidAccountData,
    confidence_max_bps: int = BASIS_POINTS,
) -> Price:
    """The feed's moving average, under the same conditions."""
    fresh_price(feed, clock, max_age_s, stale=stale, invalid=invalid)
    require_usable(feed, feed.ema_price, feed.ema_confidence, invalid, confidence_max_bps)
    return Price(feed.ema_price, feed.exponent, feed.ema_confidence)


def require_usable(
    feed: Feed, value: int, confidence: int, invalid: Errors, confidence_max_bps: int
) -> None:
    """Require a trading feed, and a price above 0 that is certain enough."""
    require(feed.status == FeedStatus.Trading, invalid, account=feed)
    require(value > 0, invalid, account=feed)
    certain = confidence * BASIS_POINTS <= value * confidence_max_bps
    require(certain, invalid, account=feed)
