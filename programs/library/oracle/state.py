"""Layouts of the oracle's accounts.

A price is `price * 10**exponent`, with a confidence interval in the same unit, as with Pyth.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from ...kit import Layout, Pubkey, i32, i64, u16, u32, u64, u256

ORACLE_ID: Final = Pubkey.of("oracle")


class FeedStatus(Enum):
    """Whether a feed's price may be used. Numbered as in Pyth."""

    Unknown = 0
    Trading = 1
    Halted = 2
    Auction = 3


class Aggregation(Enum):
    """How the prices of several publishers become one: see `aggregation.py`."""

    Quartiles = 0
    Median = 1


class FeedConfig(Layout, program="oracle"):
    """How a feed is aggregated.

    Prices older than `age_max_s` are left out; at least `publishers_min` must remain. With
    `Median`, a price that differs by less than `change_min_bps` from the last one is refused for
    `unchanged_max_s`. A price of `half_life_s` ago has half the weight in the moving average; 0
    keeps none.
    """

    method: Aggregation
    publishers_min: u16
    age_max_s: u32
    change_min_bps: u16
    unchanged_max_s: u32
    half_life_s: u32


class Feed(Layout, program="oracle", discriminator=b"feed"):
    """A price. `published_at` is Unix time in seconds; `ema_…` are moving averages.

    `publishers` is their number; without any, the authority posts the price itself. `weighted_…`
    and `weights` are the sums behind the averages.
    """

    authority: Pubkey
    price: i64
    exponent: i32
    confidence: u64
    published_at: i64
    ema_price: i64
    ema_confidence: u64
    status: FeedStatus
    publishers: u16
    halted: bool
    averaged_at: i64
    weighted_prices: u256
    weighted_confidences: u256
    weights: u256
    config: FeedConfig


class Publisher(Layout, program="oracle", discriminator=b"publisher"):
    """The last price that one publisher gave for one feed. Only the publisher writes it."""

    feed: Pubkey
    publisher: Pubkey
    price: i64
    confidence: u64
    published_at: i64
    status: FeedStatus
