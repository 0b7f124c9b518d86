"""Events of the amm program: what an indexer needs to follow pools without reading accounts."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64


class Deposited(Layout, discriminator=b"amm:in  "):
    """Both tokens came into a pool for new shares."""

    pool: Pubkey
    amount_a: u64
    amount_b: u64
    shares: u64


class Withdrawn(Layout, discriminator=b"amm:out "):
    """Shares were burned for tokens of a pool."""

    pool: Pubkey
    amount_a: u64
    amount_b: u64
    shares: u64


class Swapped(Layout, discriminator=b"amm:swap"):
    """Tokens were traded with a pool. A flash swap may pay in both."""

    pool: Pubkey
    a_in: u64
    b_in: u64
    a_out: u64
    b_out: u64


class FeesCollected(Layout, discriminator=b"amm:fees"):
    """Shares that a pool owed to the protocol, its owner or a host were minted."""

    pool: Pubkey
    shares: u64
