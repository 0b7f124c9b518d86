"""What the oracle reports by `ctx.emit`."""

from __future__ import annotations

from ...kit import Layout, Pubkey, i64, u16, u64


class Aggregated(Layout, program="oracle", discriminator=b"price"):
    """A feed's new price, and the number of publishers who made it."""

    feed: Pubkey
    price: i64
    confidence: u64
    publishers: u16
