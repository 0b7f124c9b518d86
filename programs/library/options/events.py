"""Events of the options program."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64


class Written(Layout, program="options"):
    """A vault wrote options."""

    vault: Pubkey
    series: Pubkey
    amount: u64
    collateral: u64


class BoughtBack(Layout, program="options"):
    """A vault took options back that it had written."""

    vault: Pubkey
    series: Pubkey
    amount: u64


class PricesFinal(Layout, program="options"):
    """The prices at an expiry, with 8 decimals."""

    expiry: Pubkey
    underlying_price: u64
    strike_price: u64
    collateral_price: u64


class Redeemed(Layout, program="options"):
    """A holder gave expired options for what they pay."""

    series: Pubkey
    holder: Pubkey
    amount: u64
    paid: u64


class VaultSettled(Layout, program="options"):
    """A writer got back what its expired options left."""

    vault: Pubkey
    paid: u64


class Liquidated(Layout, program="options"):
    """Somebody gave options back for a part of the collateral behind them."""

    vault: Pubkey
    amount: u64
    collateral: u64
