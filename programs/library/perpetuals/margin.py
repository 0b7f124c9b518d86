"""Margin: tokens paid in and out.

Vaults are token accounts of the market's authority; there may be many, so that deposits need not
wait for each other, and any of them can pay any account: what an account has is its margin, and
which vault holds it does not matter.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..oracle import Feed
from ..token import TokenAccount
from ..token_moves import move_in, move_out
from .accounts import require_acts_for, require_alone
from .balances import Balance, require_collateralized
from .errors import PerpetualsError
from .funding import settle_account
from .price import market_price
from .program import perpetuals
from .state import Market, Trader
from .trading import not_settled


@perpetuals.instruction(tag=5)
def deposit(
    ctx: Context,
    market: Market,
    trader: Mut[Trader],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    payer: Signer,
    amount: u64,
) -> None:
    """Pay tokens into an account, anybody's: of the insurance fund, too."""
    require(not_settled(market), PerpetualsError.Settled, account=market)
    require_vault(market, vault)
    settle_account(market, trader, ctx.clock)
    move_in(ctx, source, vault, payer, amount)
    trader.margin += amount


@perpetuals.instruction(tag=6)
def withdraw(
    ctx: Context,
    market: Market,
    feed: Feed,
    trader: Mut[Trader],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    owner: Signer,
    amount: u64,
) -> None:
    """Pay margin out; the account must be collateralized afterwards."""
    require(not_settled(market), PerpetualsError.Settled, account=market)
    require_acts_for(trader, owner)
    require_alone(trader)
    require_vault(market, vault)
    price = market_price(market, feed, ctx.clock)
    balance = settle_account(market, trader, ctx.clock)
    left = Balance(balance.margin - amount, balance.position)
    require_collateralized(left, price, market.min_collateral)
    trader.margin = left.margin
    move_out(ctx, vault, destination, authority, authority_seeds(market.key, market.bump), amount)


def require_vault(market: Market, vault: UncheckedAccount) -> None:
    """Require a token account of the market's authority, for its mint."""
    held = TokenAccount.view(vault)
    require(held.mint == market.mint, PerpetualsError.WrongVault, account=vault)
    require(held.token_owner == market.authority, PerpetualsError.WrongVault, account=vault)
