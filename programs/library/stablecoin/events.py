"""Events of the stablecoin, in the logs of receipts."""

from __future__ import annotations

from ...kit import Layout, Pubkey, i256, u64, u256


class Adjusted(Layout, program="stablecoin", discriminator=b"e:adjust"):
    """A position's collateral and normalized debt [wad] changed, at this rate [ray]."""

    position: Pubkey
    collateral: i256
    debt: i256
    rate: u256


class Liquidated(Layout, program="stablecoin", discriminator=b"e:liquid"):
    """Collateral and normalized debt [wad] of a position went to an auction, to raise `debt`."""

    position: Pubkey
    auction: Pubkey
    number: u64
    collateral: u256
    normalized_debt: u256
    debt: u256


class Bought(Layout, program="stablecoin", discriminator=b"e:bought"):
    """A part of a lot [wad] was bought at a price [ray] for coins [rad]."""

    auction: Pubkey
    price: u256
    lot: u256
    paid: u256


class Redeemed(Layout, program="stablecoin", discriminator=b"e:redeem"):
    """Coins were redeemed for collateral [wad], of which a fee [wad] was kept."""

    position: Pubkey
    coins: u64
    collateral: u256
    fee: u256
    base_rate: u256
