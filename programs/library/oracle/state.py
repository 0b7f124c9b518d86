"""Layouts of the oracle's accounts.

A price is `price * 10**exponent`, with a confidence interval in the same unit, as with Pyth.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from ...kit import Layout, Pubkey, i32, i64, u64

ORACLE_ID: Final = Pubkey.of("oracle")


class FeedStatus(Enum):
    """Whether a feed's price may be used. Numbered as in Pyth."""

    Unknown = 0
    Trading = 1
    Halted = 2
    Auction = 3


class Feed(Layout, program="oracle", discriminator=b"feed"):
    """A price. `published_at` is Unix time in seconds; `ema_…` are moving averages."""

    authority: Pubkey
    price: i64
    exponent: i32
    confidence: u64
    published_at: i64
    ema_price: i64
    ema_confidence: u64
    status: FeedStatus
