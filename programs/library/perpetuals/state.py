"""Layouts of markets and of the accounts that trade in them.

Prices, rates, weights and indices have 18 decimals (`fixed_point.WAD`); a price is in units of the
margin token for one unit of the base asset.
"""

from __future__ import annotations

from typing import Final

from ...kit import Layout, Pubkey, i32, i64, i128, u8, u16, u32, u64, u128

NOBODY: Final = Pubkey(bytes(32))


class MarketParams(Layout):
    """What the admin chooses. `liquidator` and `deleverager` may be nobody: 32 zero bytes.

    `liquidation_fee_bps`: what a taker of a position of a margin account gets of its value.
    Weights are those of the base asset in the health of margin accounts, and of a gain that is not
    settled (`overall`). `stable_price` is one that moves slowly: the worse of it and the feed's
    counts for initial health; 0: the feed's alone.
    """

    funding_provider: Pubkey
    liquidator: Pubkey
    deleverager: Pubkey
    min_collateral: u64
    taker_fee_bps: u16
    liquidation_fee_bps: u16
    price_age_max_s: u32
    funding_rate_max: u64
    funding_step_max: u64
    stable_price: u128
    init_asset_weight: u64
    init_liab_weight: u64
    maint_asset_weight: u64
    maint_liab_weight: u64
    init_overall_weight: u64
    maint_overall_weight: u64


class Market(Layout, discriminator=b"perpmark"):
    """A perpetual future. Trades only read it; the funding keeper and the admin write it.

    `index`: what a long of one unit has paid since the start, by `index_at`. `loss_index`: what
    every position of one unit has borne of losses that nothing backed. `price_unit`: the feed's
    price times this has 18 decimals.
    """

    admin: Pubkey
    mint: Pubkey
    feed: Pubkey
    totals: Pubkey
    insurance: Pubkey
    authority: Pubkey
    bump: u8
    settled: bool
    price_exponent: i32
    price_unit: u64
    funding_provider: Pubkey
    liquidator: Pubkey
    deleverager: Pubkey
    min_collateral: u64
    taker_fee_bps: u16
    liquidation_fee_bps: u16
    price_age_max_s: u32
    funding_rate_max: u64
    funding_step_max: u64
    stable_price: u128
    init_asset_weight: u64
    init_liab_weight: u64
    maint_asset_weight: u64
    maint_liab_weight: u64
    init_overall_weight: u64
    maint_overall_weight: u64
    funding_rate: i64
    rate_at: i64
    funding_price: u128
    index: i128
    index_at: i64
    loss_index: u128
    settlement_price: u128
    fees_collected: u64


class Trader(Layout, discriminator=b"perptrad"):
    """One user's margin and position in one market.

    `operator` may act for the user. `group`: the margin account that this one belongs to, nobody
    if it stands alone. `bids`, `asks`: base amounts in resting orders, for health. `index` and
    `loss_index`: up to where it is settled. `marked_at`: since when it waits for deleveraging.
    """

    market: Pubkey
    user: Pubkey
    operator: Pubkey
    group: Pubkey
    margin: i64
    position: i64
    bids: u64
    asks: u64
    index: i128
    loss_index: u128
    marked_at: i64


class Totals(Layout, discriminator=b"perptotl"):
    """Sums of a market that trades only add to: they never make each other wait.

    `opened` less `closed` is the size of all positions, longs and shorts together.
    """

    market: Pubkey
    opened: u64
    closed: u64
    fees: u64
