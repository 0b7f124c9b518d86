"""Events of the securitization program, which receipts carry."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u8, u64


class NotesTransferred(Layout, discriminator=b"sec:eTrf"):
    """Notes went from one holding to another."""

    source: Pubkey
    destination: Pubkey
    notes: u64


class Distributed(Layout, discriminator=b"sec:eDst"):
    """What one tranche got and lost in a distribution."""

    tranche: Pubkey
    rank: u8
    income: u64
    repaid: u64
    lost: u64
    shortfall: u64
