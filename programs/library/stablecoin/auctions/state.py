"""Layouts of liquidations: limits, auction houses and auctions.

Units as in the state of the stablecoin. What an auction raises stays in its own account until
anyone settles it, so that purchases in different auctions share nothing that is written.
"""

from __future__ import annotations

from enum import Enum

from ....kit import Layout, Pubkey, i64, u8, u64, u256


class Curve(Enum):
    """How the price of an auction falls."""

    Linear = 0
    Exponential = 1
    Stairstep = 2


class LiquidationLimit(Layout, program="stablecoin", discriminator=b"liqlim"):
    """The most debt [rad] that may be up for auction at a time, over all houses, and what is."""

    engine: Pubkey
    limit: u256
    used: u256


class PriceHouse(Layout, program="stablecoin", discriminator=b"phouse"):
    """Auctions at a falling price, of one collateral type.

    `penalty` [wad] is what the debt is multiplied by. `limit`, `used` [rad]: as of the engine, of
    this house. The price begins at the last price times `markup` [ray]; it needs a reset after
    `duration_max_s`, or below `price_ratio_min` [ray] of the first. `keeper_fee` [rad] and
    `keeper_share` [wad] of the debt go to who starts or resets an auction. No purchase may leave
    less than `remainder_min` [rad] to be raised. `stopped`: 1 no new auctions, 2 no resets either,
    3 no purchases either.
    """

    collateral_type: Pubkey
    limits: Pubkey
    penalty: u256
    limit: u256
    used: u256
    markup: u256
    duration_max_s: u64
    price_ratio_min: u256
    keeper_fee: u256
    keeper_share: u256
    remainder_min: u256
    curve: Curve
    cut: u256
    step_s: u64
    auctions: u64
    stopped: u8


class PriceAuction(Layout, program="stablecoin", discriminator=b"pauctn"):
    """A lot [wad] for sale at a falling price, until `debt` [rad] is raised.

    `raised` and `released` [rad]: what the treasury and the limits are due at the next settlement.
    """

    house: Pubkey
    number: u64
    running: bool
    holder: Pubkey
    debt: u256
    lot: u256
    started_at: i64
    top_price: u256
    raised: u256
    released: u256


class BidHouse(Layout, program="stablecoin", discriminator=b"bhouse"):
    """Auctions by bids, of one collateral type.

    `penalty` [wad]. `debt_max` [rad]: the most debt of one auction. A bid must be `step_min` [wad]
    times the last, stands for `bid_s`, and an auction lasts `auction_s`.
    """

    collateral_type: Pubkey
    limits: Pubkey
    penalty: u256
    debt_max: u256
    step_min: u256
    bid_s: u64
    auction_s: u64
    auctions: u64


class BidAuction(Layout, program="stablecoin", discriminator=b"bauctn"):
    """First the highest bid [rad], up to `debt`, for the lot [wad]; then the least lot for `debt`.

    `bid_ends_at` is 0 while there is no bid. The best bid stays here until the auction is settled.
    """

    house: Pubkey
    number: u64
    running: bool
    holder: Pubkey
    bidder: Pubkey
    bid: u256
    lot: u256
    debt: u256
    bid_ends_at: i64
    ends_at: i64
