"""Layouts of stability pools. Units as in the state of the stablecoin."""

from __future__ import annotations

from ....kit import Layout, Pubkey, u64, u256


class StabilityPool(Layout, program="stablecoin", discriminator=b"stabpl"):
    """Coins [rad] deposited, and collateral [wad] that losses of them have brought.

    `product` [wad], `epoch`, `scale` and the error are those of the rules of loss sharing;
    `gains` is the account of the current scale's sum, of zeros while there is none.
    """

    collateral_type: Pubkey
    total: u256
    collateral: u256
    product: u256
    epoch: u64
    scale: u64
    gain_error: u256
    gains: Pubkey


class StabilityGains(Layout, program="stablecoin", discriminator=b"stabgn"):
    """The sum of what each coin has gained in one scale of one epoch.

    `continued`: whether the next scale began when this one ended.
    """

    pool: Pubkey
    epoch: u64
    scale: u64
    sum: u256
    continued: bool


class StabilityDeposit(Layout, program="stablecoin", discriminator=b"stabdp"):
    """One holder's coins [rad] as of its last call, with product, epoch, scale and sum then."""

    pool: Pubkey
    holder: Pubkey
    coins: u256
    product: u256
    epoch: u64
    scale: u64
    sum: u256
