"""Events of the vault program, which receipts carry."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64


class Deposited(Layout, discriminator=b"vlt:eDep"):
    """Assets came in, `fee` among them, for shares."""

    vault: Pubkey
    assets: u64
    shares: u64
    fee: u64


class Withdrawn(Layout, discriminator=b"vlt:eWdr"):
    """Assets went out for shares; `fee` was kept beside them."""

    vault: Pubkey
    assets: u64
    shares: u64
    fee: u64


class Reported(Layout, discriminator=b"vlt:eRep"):
    """A strategy gained and lost; the gain brought the admin shares worth `fee`."""

    strategy: Pubkey
    gain: u64
    loss: u64
    fee: u64


class Settled(Layout, discriminator=b"vlt:eSet"):
    """All requests of an intake were settled at one price."""

    intake: Pubkey
    requested: u64
    paid: u64


class Airdropped(Layout, discriminator=b"vlt:eAir"):
    """Rewards were shared out among all locks."""

    pool: Pubkey
    amount: u64
