"""Exponential moving averages of a price and its confidence, after Pyth.

A price weighs the more, the smaller its confidence interval is, and half as much after a half-life.
As in Pyth, the decay over a short time is taken as linear, and after a long time (70% of a
half-life) the averages start anew. Rounded down.

A second has one price, the first that is taken: anybody may aggregate, and who did it a thousand
times would otherwise make the average what the price is for a moment.
"""

from __future__ import annotations

from typing import Final

from .state import Feed

_ONE: Final = 10**18
_LN_2: Final = 693_147_180_559_945_309
_LINEAR_UP_TO: Final = 700_000_000_000_000_000  # of a half-life


def take_into_averages(feed: Feed, now: int) -> None:
    """Take the feed's price into its averages, at this Unix time."""
    if feed.config.half_life_s == 0:
        return
    if feed.weights and now <= feed.averaged_at:
        return
    kept = decay(now - feed.averaged_at, feed.config.half_life_s) if feed.weights else 0
    weight = max(_ONE // max(feed.confidence, 1), 1)
    feed.weights = feed.weights * kept // _ONE + weight
    feed.weighted_prices = feed.weighted_prices * kept // _ONE + feed.price * weight
    confidences = feed.confidence * weight
    feed.weighted_confidences = feed.weighted_confidences * kept // _ONE + confidences
    feed.averaged_at = now
    feed.ema_price = feed.weighted_prices // feed.weights
    feed.ema_confidence = feed.weighted_confidences // feed.weights


def decay(age_s: int, half_life_s: int) -> int:
    """What is left of a weight after this time, with 18 decimals.

    >>> decay(0, 3_600), decay(36, 3_600), decay(3_600, 3_600)
    (1000000000000000000, 993068528194400547, 0)
    """
    part = age_s * _ONE // half_life_s
    if part > _LINEAR_UP_TO:
        return 0
    return _ONE - part * _LN_2 // _ONE
