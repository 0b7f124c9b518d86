"""Batch handlers of the instructions that move funds and leave the book alone.

They cover the common case: the owner itself, both tokens. All other rows are excluded, and the
scalar handlers execute them. Orders have none: each changes the book that the next one sees.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, UncheckedAccount, only_where, u64
from ..token import TokenAccount
from .settling import add_free, deposit, pay_out, settle_funds, take_free, withdraw
from .state import Market, MarketFees, OpenOrders


@deposit.batch
def deposit_rows(
    ctx: Context,
    market: Market,
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    base: u64,
    quote: u64,
) -> None:
    """`deposit` for all rows at once."""
    _own(market, open_orders, owner)
    only_where((market.expires_at == 0) | (market.expires_at >= ctx.clock.unix_timestamp))
    _vaults(market, base_vault, quote_vault)
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    add_free(ctx, open_orders, owner, wallets, vaults, (base, quote))


@settle_funds.batch
def settle_funds_rows(
    ctx: Context,
    market: Market,
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[TokenAccount],
    quote_wallet: Mut[TokenAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
) -> None:
    """`settle_funds` for all rows at once."""
    _own(market, open_orders, owner)
    only_where(fees.key == market.fees)
    _vaults(market, base_vault, quote_vault)
    only_where(authority.key == market.authority)
    only_where(market.maker_fee <= 0)  # else what was locked for fees may be settled, too
    rebate = open_orders.referrer_rebates
    fees.rebates_settled += rebate
    fees.available += rebate
    open_orders.referrer_rebates = 0
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    pay_out(ctx, market, open_orders, wallets, vaults, authority, rebate)


@withdraw.batch
def withdraw_rows(
    ctx: Context,
    market: Market,
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    base: u64,
    quote: u64,
) -> None:
    """`withdraw` for all rows at once."""
    _own(market, open_orders, owner)
    _vaults(market, base_vault, quote_vault)
    only_where(authority.key == market.authority)
    only_where((base <= open_orders.base_free) & (quote <= open_orders.quote_free))
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    take_free(ctx, market, open_orders, wallets, vaults, authority, (base, quote))


def _own(market: Market, open_orders: OpenOrders, owner: Signer) -> None:
    only_where(open_orders.market == market.key)
    only_where(owner.key == open_orders.trader)


def _vaults(market: Market, base: UncheckedAccount, quote: UncheckedAccount) -> None:
    only_where(base.key == market.base_vault)
    only_where(quote.key == market.quote_vault)
