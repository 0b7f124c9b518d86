"""Events of the staking program, which receipts carry."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64, u128


class Staked(Layout, discriminator=b"stk:eStk"):
    """Stake was added to a position."""

    position: Pubkey
    amount: u64


class Unstaked(Layout, discriminator=b"stk:eUns"):
    """Stake was taken out of a position."""

    position: Pubkey
    amount: u64


class Claimed(Layout, discriminator=b"stk:eClm"):
    """Rewards were paid to a position's owner."""

    position: Pubkey
    amount: u64


class Refreshed(Layout, discriminator=b"stk:eRef"):
    """Rewards of the time gone by were given to the stakes of a pool."""

    pool: Pubkey
    reward: u64
    index: u128


class Notified(Layout, discriminator=b"stk:eNot"):
    """A stream pays `rate` units a second until `finish`."""

    pool: Pubkey
    rate: u64
    finish: u64


class Updated(Layout, discriminator=b"stk:eUpd"):
    """A stake pool counted its lamports; `fee`: pool tokens minted for its manager."""

    pool: Pubkey
    total_lamports: u64
    supply: u64
    fee: u64


class Slashed(Layout, discriminator=b"stk:eSla"):
    """A validator lost stake and bond."""

    validator: Pubkey
    stake: u64
    bond: u64
