"""Markets and the accounts that trade in them: how they come into being, and who may use them."""

from __future__ import annotations

from ...kit import (
    Arg,
    Context,
    Mut,
    Signer,
    UncheckedAccount,
    require,
)
from ..authorities import found_authority
from ..oracle import Feed
from ..token import Mint
from ..units import BASIS_POINTS, WAD
from .errors import PerpetualsError
from .funding import index_now
from .price import checked_price, price_unit
from .program import perpetuals
from .state import NOBODY, Market, MarketParams, Totals, Trader


@perpetuals.instruction(tag=0)
def initialize_market(
    ctx: Context,
    market: Mut[UncheckedAccount],
    totals: Mut[UncheckedAccount],
    insurance: Mut[UncheckedAccount],
    mint: Mint,
    feed: Feed,
    admin: Signer,
    params: Arg[MarketParams],
) -> None:
    """Make a market whose margin is in tokens of `mint`, with its sums and its insurance fund.

    Vaults are token accounts of the market's authority, the address derived from `authority` and
    the market; any number of them.
    """
    _require_params(params)
    authority, bump = found_authority(market.key, ctx.program_id)
    unit = price_unit(feed.exponent)
    now_s = ctx.clock.unix_timestamp
    price = checked_price(
        feed, now_s - feed.published_at, params.price_age_max_s, feed.exponent, unit
    )
    Market.view(market).initialize(
        **params.values(),
        admin=admin.key,
        mint=mint.key,
        feed=feed.key,
        totals=totals.key,
        insurance=insurance.key,
        authority=authority,
        bump=bump,
        price_exponent=feed.exponent,
        price_unit=unit,
        rate_at=now_s,
        funding_price=price,
        index_at=now_s,
    )
    Totals.view(totals).initialize(market=market.key)
    fund = Trader.view(insurance)
    fund.initialize(market=market.key, user=authority, operator=NOBODY, group=NOBODY)


@perpetuals.instruction(tag=1)
def configure(market: Mut[Market], admin: Signer, params: Arg[MarketParams]) -> None:
    """Replace what the admin chooses."""
    require(market.admin == admin.key, PerpetualsError.NotAdmin)
    _require_params(params)
    for name, value in params.values().items():
        setattr(market, name, value)


@perpetuals.instruction(tag=2)
def open_trader(
    ctx: Context, market: Market, trader: Mut[UncheckedAccount], owner: UncheckedAccount
) -> None:
    """Make an account of `owner` in a market. It has nothing to settle from before."""
    Trader.view(trader).initialize(
        market=market.key,
        user=owner.key,
        operator=NOBODY,
        group=NOBODY,
        index=index_now(market, ctx.clock),
        loss_index=market.loss_index,
    )


@perpetuals.instruction(tag=3)
def set_operator(trader: Mut[Trader], owner: Signer, operator: UncheckedAccount) -> None:
    """Let another key act for the owner; the account of 32 zero bytes: nobody."""
    require(trader.user == owner.key, PerpetualsError.NotAuthorized, account=trader)
    trader.operator = operator.key


def require_acts_for(trader: Trader, authority: Signer) -> None:
    """Require the account's owner or operator."""
    key = authority.key
    may = (trader.user == key) | (trader.operator == key)
    require(may, PerpetualsError.NotAuthorized, account=trader)


def require_alone(trader: Trader) -> None:
    """Require an account that no margin account includes."""
    require(trader.group == NOBODY, PerpetualsError.CrossMargined, account=trader)


def _require_params(params: MarketParams) -> None:
    fees = max(params.taker_fee_bps, params.liquidation_fee_bps) <= BASIS_POINTS
    assets = params.init_asset_weight <= params.maint_asset_weight <= WAD
    liabs = params.init_liab_weight >= params.maint_liab_weight >= WAD
    gains = params.init_overall_weight <= params.maint_overall_weight <= WAD
    fits = params.min_collateral >= WAD and fees and assets and liabs and gains
    require(fits, PerpetualsError.InvalidParameter, "collateral below 100%, fees or weights")
