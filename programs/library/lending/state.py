"""Layouts of the lending program's accounts.

What is read often and what is written often are apart: `Reserve` has terms and prices and is only
written when they change; `Totals` has sums, to which supplies and repayments only add; what a user
has in a reserve is a `Position` of the user's own, and an `Obligation` is the user's set of entered
positions, which stand in for each other.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from ...kit import Layout, Pubkey, u8, u16, u32, u64, u128, u256

LENDING_ID: Final = Pubkey.of("lending")


class RateKind(Enum):
    """WhitePaper: a straight line. Jump: two, which meet at the kink."""

    WhitePaper = 0
    Jump = 1


class RateModel(Layout, program="lending"):
    """Rates for a year and the kink, with 18 decimals."""

    kind: RateKind
    base: u256
    multiplier: u256
    jump: u256
    kink: u64
    blocks_per_year: u64


class LiquidationRule(Enum):
    """How a market determines what is repaid and seized: see `figures/seizure.py`."""

    Bonus = 0
    Incentive = 1


class MarketConfig(Layout, program="lending"):
    """Values are in units of `10**-quote_decimals`; parts have 18 decimals.

    `close_factor` is the part of the debts that one liquidation may repay, `value_at_once_max` the
    value; a debt worth no more than `whole_below` is repaid whole.
    """

    quote_decimals: u8
    rule: LiquidationRule
    close_factor: u64
    value_at_once_max: u128
    whole_below: u128


class Market(Layout, program="lending", discriminator=b"market"):
    """Reserves that share obligations. An isolated pair is a market of its own."""

    authority: Pubkey
    config: MarketConfig


class ReserveConfig(Layout, program="lending"):
    """A reserve's terms; parts have 18 decimals.

    `debt_ceiling`: the value of all debts that may be booked on it as collateral, which is isolated
    then; 0 for no ceiling.
    """

    rates: RateModel
    reserve_factor: u64
    loan_to_value: u64
    liquidation_threshold: u64
    max_liquidation_threshold: u64
    liquidation_bonus: u64
    max_liquidation_bonus: u64
    protocol_liquidation_fee: u64
    protocol_seize_share: u64
    borrow_fee: u64
    flash_loan_fee: u64
    host_part: u64
    borrow_limit: u64
    price_age_max_s: u32
    confidence_max_bps: u16
    debt_ceiling: u128
    isolated_debt: bool
    borrow_paused: bool
    seizure_paused: bool


class Reserve(Layout, program="lending", discriminator=b"reserve"):
    """One token of a market: its prices as of `last_slot`, its rates since, its terms.

    Prices and rates have 18 decimals; rates are for one slot.
    """

    market: Pubkey
    mint: Pubkey
    totals: Pubkey
    feed: Pubkey
    authority: Pubkey
    bump: u8
    mint_decimals: u8
    last_slot: u64
    borrow_index: u128
    supply_price: u128
    borrow_rate: u128
    supply_rate: u128
    config: ReserveConfig


class Totals(Layout, program="lending", discriminator=b"totals"):
    """The sums of a reserve.

    `cash` is all its vaults hold. `burned_shares` and the repaid shares, in two halves (see
    `figures/accrual.py`), are to be taken off `supply_shares` and `debt_shares`, which a refresh
    does; `repaid` tokens were paid for the latter. `reserves`, the protocol's, has 18 decimals.
    `booked` is the value of debts booked on this collateral.
    """

    reserve: Pubkey
    cash: u64
    supply_shares: u64
    burned_shares: u64
    debt_shares: u128
    repaid_high: u64
    repaid_low: u64
    repaid: u64
    reserves: u128
    booked: u128


class Obligation(Layout, program="lending", discriminator=b"loans"):
    """A user of a market, and the number of positions entered: collateral and debts.

    `booked` is the value that may be owed against the isolated collateral of the reserve
    `booked_on`.
    """

    market: Pubkey
    owner_key: Pubkey
    entered: u16
    closeable: bool
    booked_on: Pubkey
    booked: u128


class Position(Layout, program="lending", discriminator=b"position"):
    """What an obligation has in a reserve: shares of its supply, shares of its debts."""

    obligation: Pubkey
    owner_key: Pubkey
    reserve: Pubkey
    entered: bool
    supply_shares: u64
    debt_shares: u128


class Standing(Layout, program="lending"):
    """The values of an obligation, as `health` returns them.

    `power` is what may be owed, `line` and `last_line` are what must not be owed: from the first on
    liquidation is allowed, at the second its bonus is largest. `owed_at_most` is with the higher of
    price and moving average; `power` with the lower.
    """

    supplied: u128
    power: u128
    line: u128
    last_line: u128
    owed: u128
    owed_at_most: u128
    liquidity: u128
    shortfall: u128
