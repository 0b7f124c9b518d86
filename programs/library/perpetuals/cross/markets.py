"""Accounts in markets as parts of a margin account: its health decides what they may do.

A trade writes the traders' accounts only: margin accounts are read. What happens below the line is
in losses.py.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Pubkey, Signer, UncheckedAccount, i64, require
from ...oracle import Feed
from ...units import BASIS_POINTS, WAD
from ..accounts import require_acts_for, require_alone
from ..balances import Balance, require_collateralized, require_final
from ..errors import PerpetualsError
from ..events import Traded
from ..funding import settle_account
from ..price import market_price, price_now
from ..program import perpetuals
from ..state import NOBODY, Market, Totals, Trader
from ..trading import exchange, settle_both, taker_fee
from .collateral import require_health, require_owner
from .reading import Given, account_health, by_key, found
from .state import HealthKind, MarginAccount


@perpetuals.instruction(tag=60)
def bind(
    ctx: Context,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    owner: Signer,
    given: list[UncheckedAccount],
) -> None:
    """Make an account in a market a part of the same user's margin account."""
    require_owner(account, owner)
    require_alone(trader)
    require(trader.user == account.user, PerpetualsError.NotAuthorized, account=trader)
    known = by_key(given)
    market = Market.view(found(known, trader.market))
    require(market.admin == account.admin, PerpetualsError.ForeignAdmin, account=market)
    _replace(account, NOBODY, trader.key, PerpetualsError.NoFreeSlot)
    trader.group = account.key
    require_health(ctx, account, known)


@perpetuals.instruction(tag=61)
def unbind(
    ctx: Context,
    market: Market,
    feed: Feed,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    owner: Signer,
    given: list[UncheckedAccount],
) -> None:
    """Let an account in a market stand alone again; both must do without the other."""
    require_owner(account, owner)
    detach(account, trader)
    price = price_now(market, feed, ctx.clock)
    balance = settle_account(market, trader, ctx.clock)
    require_collateralized(balance, price, market.min_collateral)
    require_health(ctx, account, by_key(given))


@perpetuals.instruction(tag=62)
def trade_cross(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    maker: Mut[Trader],
    taker: Mut[Trader],
    maker_authority: Signer,
    taker_authority: Signer,
    given: list[UncheckedAccount],
    size: i64,
    cost: i64,
) -> None:
    """As `trade`, where one side, or both, is part of a margin account.

    `given`: the margin accounts, and what their health depends on. Health for new risks must not
    be negative afterwards; or at least not have fallen, and the price be no worse than a
    liquidation's: what is no longer covered could be given away otherwise.
    """
    require_acts_for(maker, maker_authority)
    require_acts_for(taker, taker_authority)
    known = by_key(given)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, maker, taker)
    healths = [_group_health(ctx, trader, known) for trader in (maker, taker)]
    fee = taker_fee(market, cost)
    exchange(market, totals, maker, taker, size, cost)
    taker.margin -= fee
    totals.fees += fee
    gains = cost * WAD - size * price, size * price - cost * WAD
    for trader, balance, healthy, gain in zip((maker, taker), before, healths, gains, strict=True):
        if trader.group == NOBODY:
            after = Balance(trader.margin, trader.position)
            require_final(balance, after, price, market.min_collateral)
        else:
            left = _group_health(ctx, trader, known)
            lost_most = abs(size) * price * market.liquidation_fee_bps // BASIS_POINTS
            fair = left >= healthy and gain >= -lost_most
            require(left >= 0 or fair, PerpetualsError.HealthTooLow, account=trader)
    ctx.emit(Traded(maker=maker.key, taker=taker.key, size=size, cost=cost, fee=fee))


def _group_health(ctx: Context, trader: Trader, known: Given) -> int:
    """The health for new risks of the margin account that this one is part of; 0 for none."""
    if trader.group == NOBODY:
        return 0
    account = MarginAccount.view(found(known, trader.group))
    return account_health(account, known, HealthKind.Init, ctx.clock)


def require_part(account: MarginAccount, trader: Trader) -> None:
    """Require a part of this margin account."""
    require(trader.group == account.key, PerpetualsError.WrongAccounts, account=trader)


def detach(account: MarginAccount, trader: Trader) -> None:
    """Let the account in a market stand alone."""
    require_part(account, trader)
    _replace(account, trader.key, NOBODY, PerpetualsError.WrongAccounts)
    trader.group = NOBODY


def _replace(account: MarginAccount, old: Pubkey, new: Pubkey, missing: PerpetualsError) -> None:
    slots = list(account.traders)
    require(old in slots, missing, account=account)
    slots[slots.index(old)] = new
    account.traders = slots
