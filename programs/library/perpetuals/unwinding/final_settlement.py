"""Final settlement: the market closes at one price, and everybody takes what that leaves.

As dYdX's P1FinalSettlement: no new trades, deposits or liquidations; funding stands still. Where a
vault has less than an account is worth, the rest stays due.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u128
from ...authorities import authority_seeds
from ...oracle import Feed
from ...token import TokenAccount
from ...token_moves import move_out
from ...units import WAD
from ..accounts import require_acts_for, require_alone
from ..errors import PerpetualsError
from ..funding import settle_account, update_index
from ..margin import require_vault
from ..price import market_price
from ..program import perpetuals
from ..state import Market, Trader


@perpetuals.instruction(tag=27)
def enable_final_settlement(
    ctx: Context, market: Mut[Market], feed: Feed, admin: Signer, lowest: u128, highest: u128
) -> None:
    """Close the market at the feed's price, if that is within bounds."""
    require(market.admin == admin.key, PerpetualsError.NotAdmin)
    update_index(ctx, market, feed)
    price = market_price(market, feed, ctx.clock)
    require(price >= lowest, PerpetualsError.PriceBelowBound)
    require(price <= highest, PerpetualsError.PriceAboveBound)
    market.settlement_price = price
    market.settled = True


@perpetuals.instruction(tag=29)
def close_at_settlement(ctx: Context, market: Market, trader: Mut[Trader]) -> None:
    """Turn a position into margin at the settlement price, rounded down; by anybody.

    For accounts that are part of a margin account, whose tokens then pay or get it.
    """
    require(market.settled, PerpetualsError.NotSettled, account=market)
    trader.margin = _worth(ctx, market, trader)
    trader.position = 0


@perpetuals.instruction(tag=28)
def withdraw_final_settlement(
    ctx: Context,
    market: Market,
    trader: Mut[Trader],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    owner: Signer,
) -> None:
    """Pay out what an account is worth at the settlement price, rounded down."""
    require(market.settled, PerpetualsError.NotSettled, account=market)
    require_acts_for(trader, owner)
    require_alone(trader)
    require_vault(market, vault)
    worth = _worth(ctx, market, trader)
    if worth < 0:
        return
    paid = min(worth, TokenAccount.view(vault).amount)
    trader.margin = worth - paid
    trader.position = 0
    move_out(ctx, vault, destination, authority, authority_seeds(market.key, market.bump), paid)


def _worth(ctx: Context, market: Market, trader: Trader) -> int:
    balance = settle_account(market, trader, ctx.clock)
    return (balance.margin * WAD + balance.position * market.settlement_price) // WAD
