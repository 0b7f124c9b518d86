"""Layouts of the stablecoin's accounts.

Units: wad 18 decimals, ray 27, rad 45; times are Unix seconds. Real tokens are u64 in the mint's
smallest unit; a `scale` of 10**(18 - decimals) turns these into wads.

Instead of one total per collateral type there are shards: each position belongs to one, and each
has a debt ceiling of its own, so that positions in different shards never wait for each other.
A shard remembers the rate of its last use and adds to its `fees` what its debt has grown since.
"""

from __future__ import annotations

from typing import Final

from ...kit import Layout, Pubkey, i64, i256, u8, u64, u256

STABLECOIN_ID: Final = Pubkey.of("stablecoin")


class Engine(Layout, program="stablecoin", discriminator=b"engine"):
    """What all share; read by most instructions and written by the admin alone.

    `ceiling` [rad] is handed out to shards: `allotted` is the sum of theirs. `base_fee` [ray] is
    added to every collateral type's fee. `treasury` is a coin balance: fees in, bad debt out.
    """

    admin: Pubkey
    treasury: Pubkey
    coin_mint: Pubkey
    authority: Pubkey
    bump: u8
    coin_scale: u64
    live: bool
    ceiling: u256
    allotted: u256
    base_fee: u256


class CollateralType(Layout, program="stablecoin", discriminator=b"ctype"):
    """A kind of collateral and its risk parameters.

    `rate` [ray]: debt per unit of normalized debt at `updated_at`; it grows by `fee` [ray, a
    second]. `price` [ray]: coins for a unit. `safe_price` [ray]: the debt that a unit allows, the
    price by `ratio` [ray]. `floor` [rad]: the least debt of a position.
    """

    engine: Pubkey
    collateral_mint: Pubkey
    feed: Pubkey
    feed_age_max_s: u64
    scale: u64
    rate: u256
    fee: u256
    updated_at: i64
    price: u256
    safe_price: u256
    ratio: u256
    floor: u256


class DebtShard(Layout, program="stablecoin", discriminator=b"dshard"):
    """The debt of some of the positions of a collateral type.

    `normalized_debt` [wad] at `rate` [ray] is what they owe; `fees` [rad] have accrued on it and
    not been collected; below zero with a fee that shrinks debt. `ceiling` [rad].
    """

    collateral_type: Pubkey
    normalized_debt: u256
    rate: u256
    fees: i256
    ceiling: u256


class Position(Layout, program="stablecoin", discriminator=b"positn"):
    """One owner's locked collateral [wad] and normalized debt [wad]."""

    collateral_type: Pubkey
    shard: Pubkey
    holder: Pubkey
    collateral: u256
    normalized_debt: u256


class CollateralBalance(Layout, program="stablecoin", discriminator=b"colbal"):
    """Collateral [wad] that is in the engine but in no position."""

    collateral_type: Pubkey
    holder: Pubkey
    amount: u256


class CoinBalance(Layout, program="stablecoin", discriminator=b"coinbl"):
    """Coins [rad] in the engine, and, of a treasury, bad debt [rad]."""

    engine: Pubkey
    holder: Pubkey
    coins: u256
    bad_debt: u256


class Permission(Layout, program="stablecoin", discriminator=b"permit"):
    """Whether `grantee` may act for `grantor`, with all that it has in the engine."""

    engine: Pubkey
    grantor: Pubkey
    grantee: Pubkey
    allowed: bool


class SavingsPot(Layout, program="stablecoin", discriminator=b"savpot"):
    """The savings rate [ray, a second], and the index [ray]: coins for a share."""

    engine: Pubkey
    rate: u256
    index: u256
    updated_at: i64


class SavingsShard(Layout, program="stablecoin", discriminator=b"savshd"):
    """The savings of some of the savers.

    `shares` [wad] at `index` [ray] are their coins; `interest` [rad] has accrued on them and is not
    yet the treasury's bad debt.
    """

    pot: Pubkey
    shares: u256
    index: u256
    interest: u256


class SavingsAccount(Layout, program="stablecoin", discriminator=b"savacc"):
    """One saver's shares [wad] of a shard."""

    shard: Pubkey
    holder: Pubkey
    shares: u256


class Redemptions(Layout, program="stablecoin", discriminator=b"redeem"):
    """The fee of redemptions from one collateral type.

    `base_rate` [wad] decays by `minute_factor` [wad] each full minute since `updated_at`, and rises
    with what is redeemed. `ratio_max` [ray]: only positions covered less can be redeemed against.
    """

    collateral_type: Pubkey
    base_rate: u256
    minute_factor: u256
    floor: u256
    updated_at: i64
    ratio_max: u256
