"""Layouts of cross margin: banks of tokens, and margin accounts that hold several.

Weights, rates, prices and indices have 18 decimals. What an account has of a token is *indexed*: an
amount with 9 decimals that grows with the bank's index for deposits, or for borrows if negative.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final

from ....kit import Layout, Pubkey, Size, i32, i64, i128, u8, u16, u32, u64, u128

INDEXED_UNIT: Final = 10**9
TOKENS_MAX: Final = 6
ORDERS_MAX: Final = 4
TRADERS_MAX: Final = 4


class HealthKind(Enum):
    """Which health: for new risks, for the beginning of liquidation, for its end (Mango v4)."""

    Init = 0
    Maint = 1
    LiquidationEnd = 2


class BankParams(Layout):
    """What the admin chooses. Rates are by the year.

    `shift_…`: between two times the maintenance weights move to their targets; no shift if both
    times are 0. `…_scale_start`: the value of all deposits, or borrows, in quote units, from which
    on initial weights get worse; 0: never. `target`: the deposits that the fee works towards; 0:
    the fee is `fee_bps`, always.
    """

    price_age_max_s: u32
    stable_price: u128
    init_asset_weight: u128
    init_liab_weight: u128
    maint_asset_weight: u128
    maint_liab_weight: u128
    shift_start: i64
    shift_end: i64
    shift_asset_target: u128
    shift_liab_target: u128
    deposit_scale_start: u64
    borrow_scale_start: u64
    zero_util_rate: u128
    util0: u64
    rate0: u128
    util1: u64
    rate1: u128
    max_rate: u128
    loan_fee_rate: u64
    liquidation_fee_bps: u16
    fee_bps: u16
    tax_bps: u16
    target: u64


class Bank(Layout, discriminator=b"perpbank"):
    """A token that margin accounts may hold and owe. Users only read it; its keeper writes it.

    `deposits`, `borrows` (indexed) and `potential` (tokens in resting orders that may become
    deposits) are as of the last refresh, as are the indices. `insurance`: tokens that pay for debts
    which nothing backs.
    """

    admin: Pubkey
    mint: Pubkey
    feed: Pubkey
    totals: Pubkey
    authority: Pubkey
    bump: u8
    price_exponent: i32
    price_unit: u64
    price_age_max_s: u32
    stable_price: u128
    init_asset_weight: u128
    init_liab_weight: u128
    maint_asset_weight: u128
    maint_liab_weight: u128
    shift_start: i64
    shift_end: i64
    shift_asset_target: u128
    shift_liab_target: u128
    deposit_scale_start: u64
    borrow_scale_start: u64
    zero_util_rate: u128
    util0: u64
    rate0: u128
    util1: u64
    rate1: u128
    max_rate: u128
    loan_fee_rate: u64
    liquidation_fee_bps: u16
    fee_bps: u16
    tax_bps: u16
    target: u64
    deposit_index: u128
    borrow_index: u128
    deposits: u128
    borrows: u128
    potential: u64
    refreshed_at: i64
    insurance: u64
    fees_taken: u64


class BankTotals(Layout, discriminator=b"perpbsum"):
    """Sums of a bank that users only add to: deposits are `deposited` less `withdrawn`, and so on.

    `fees`: in tokens. The others are indexed, or tokens in orders at rest: placed and cancelled
    again and again, they would fill 64 bits.
    """

    bank: Pubkey
    deposited: u128
    withdrawn: u128
    borrowed: u128
    repaid: u128
    reserved: u128
    released: u128
    fees: u64


class TokenPosition(Layout):
    """What an account has of one token, negative if it owes; bank 0: an empty slot."""

    bank: Pubkey
    indexed: i128


class Reservation(Layout):
    """Tokens in resting orders of a spot market, of which it may get the others instead.

    `lowest_ask`, `highest_bid`: the extreme prices, in quote units for one of base; 0: unknown.
    """

    base_bank: Pubkey
    quote_bank: Pubkey
    base: u64
    quote: u64
    lowest_ask: u128
    highest_bid: u128


class MarginAccount(Layout, discriminator=b"perpacct"):
    """One user's tokens, resting orders and accounts in markets, which back each other.

    All are of banks and markets of one admin: who chooses prices and weights of one of them
    decides what may be borrowed from the others.
    """

    admin: Pubkey
    user: Pubkey
    operator: Pubkey
    being_liquidated: bool
    tokens: Annotated[list[TokenPosition], Size(TOKENS_MAX)]
    orders: Annotated[list[Reservation], Size(ORDERS_MAX)]
    traders: Annotated[list[Pubkey], Size(TRADERS_MAX)]
