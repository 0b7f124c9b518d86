"""Events of the perpetuals program. `is_buy` and amounts are the taker's."""

from __future__ import annotations

from ...kit import Layout, Pubkey, i64, i128, u64, u128


class Traded(Layout, discriminator=b"evtraded"):
    """A trade: the taker's position grew by `size`, its margin fell by `cost` and `fee`."""

    maker: Pubkey
    taker: Pubkey
    size: i64
    cost: i64
    fee: u64


class Liquidated(Layout, discriminator=b"evliquid"):
    """A taker took over a part of a position that was undercollateralized."""

    maker: Pubkey
    taker: Pubkey
    size: i64
    margin_to_maker: i64
    price: u128


class Deleveraged(Layout, discriminator=b"evdelevr"):
    """A taker of the other side had to take over a part of a position that was underwater."""

    maker: Pubkey
    taker: Pubkey
    size: i64
    margin_to_maker: i64
    price: u128


class FundingRateSet(Layout, discriminator=b"evfundrt"):
    """The funding rate in force from now on, bounded as it may be."""

    market: Pubkey
    rate: i64


class IndexUpdated(Layout, discriminator=b"evindexd"):
    """The funding index as it stands now."""

    market: Pubkey
    index: i128


class Marked(Layout, discriminator=b"evmarked"):
    """An account was marked for deleveraging; with `since` 0 it no longer is."""

    trader: Pubkey
    since: i64


class LossShared(Layout, discriminator=b"evlossha"):
    """A loss beyond the insurance fund was shared by all positions."""

    trader: Pubkey
    loss: u64
    loss_index: u128


class CollateralLiquidated(Layout, discriminator=b"evcollat"):
    """A liquidator paid a part of a debt and took tokens for it; amounts have 18 decimals."""

    liqee: Pubkey
    liqor: Pubkey
    asset: Pubkey
    liab: Pubkey
    taken: u128
    paid: u128


class DebtWrittenOff(Layout, discriminator=b"evwriten"):
    """A debt ended that nothing backed: insurance paid a part, all deposits the rest."""

    account: Pubkey
    bank: Pubkey
    loss: u64
    insured: u64
