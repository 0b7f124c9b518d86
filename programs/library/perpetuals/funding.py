"""Funding: longs pay shorts, or the other way round, by an index that grows with time.

The market keeps the index of the last update, and the rate and price in force since. Everybody
folds the time that has passed since into it: a pure function of clock and market, so settling an
account reads the market only, and it does not matter when or how often it is settled, except for
rounding: a debit is rounded up and a credit down, as in dYdX's P1Settlement, so the sum of all
margins never grows. Bounds of the rate are those of P1FundingOracle.

    >>> from sealane.programs.library.perpetuals.funding import bounded_rate
    >>> bounded_rate(old=0, wanted=900, elapsed_s=10, rate_max=500, step_max=30)
    300
"""

from __future__ import annotations

from ...kit import Clock, Context, Mut, Signer, div_up, i64, rarely, require, select
from ..oracle import Feed
from ..units import WAD
from .balances import Balance
from .errors import PerpetualsError
from .events import FundingRateSet, IndexUpdated
from .fixed_point import clamp, size_of
from .price import market_price
from .program import perpetuals
from .state import Market, Trader

INDEX_BYTES = 16


@perpetuals.instruction(tag=10)
def set_funding_rate(
    ctx: Context, market: Mut[Market], feed: Feed, provider: Signer, rate: i64
) -> None:
    """Set the rate by which longs pay shorts, per second and unit of value; bounded in step."""
    require(provider.key == market.funding_provider, PerpetualsError.NotFundingProvider)
    update_index(ctx, market, feed)
    now_s = ctx.clock.unix_timestamp
    market.funding_rate = bounded_rate(
        old=market.funding_rate,
        wanted=rate,
        elapsed_s=now_s - market.rate_at,
        rate_max=market.funding_rate_max,
        step_max=market.funding_step_max,
    )
    market.rate_at = now_s
    ctx.emit(FundingRateSet(market=market.key, rate=market.funding_rate))


@perpetuals.instruction(tag=11)
def update_funding(ctx: Context, market: Mut[Market], feed: Feed) -> None:
    """Bring the index up to now, and let funding follow the feed's price from here; by anybody."""
    update_index(ctx, market, feed)


@perpetuals.instruction(tag=12)
def funding_index(ctx: Context, market: Market) -> None:
    """Return the index as of now: a signed integer of 16 bytes, 18 decimals."""
    now = index_now(market, ctx.clock)
    ctx.set_return_data(now.to_bytes(INDEX_BYTES, "little", signed=True))


@perpetuals.instruction(tag=13)
def settle(ctx: Context, market: Market, trader: Mut[Trader]) -> None:
    """Book the funding that an account owes or is owed by now; by anybody."""
    settle_account(market, trader, ctx.clock)


def update_index(ctx: Context, market: Market, feed: Feed) -> None:
    """Fold the time since the last update into the index; take the feed's price from here on."""
    require(not market.settled, PerpetualsError.Settled, account=market)
    market.index = index_now(market, ctx.clock)
    market.index_at = ctx.clock.unix_timestamp
    market.funding_price = market_price(market, feed, ctx.clock)
    ctx.emit(IndexUpdated(market=market.key, index=market.index))


def index_now(market: Market, clock: Clock) -> int:
    """The index as of now. It stands still once the market is settled."""
    elapsed_s = clock.unix_timestamp - market.index_at
    rate = market.funding_rate
    moved = size_of(rate) * elapsed_s * market.funding_price // WAD
    grown = market.index + select(rate > 0, moved, -moved)
    return select(market.settled, market.index, grown)


def settle_account(market: Market, trader: Trader, clock: Clock) -> Balance:
    """Bring the account's margin up to now, and say what it has."""
    return settle_to(market, trader, index_now(market, clock))


def settle_to(market: Market, trader: Trader, index: int) -> Balance:
    """Bring the account's margin up to this index, and say what it has."""
    require(trader.market == market.key, PerpetualsError.WrongMarket, account=trader)
    balance = settled(trader, index, market.loss_index)
    trader.index = index
    trader.loss_index = market.loss_index
    trader.margin = balance.margin
    return balance


def settled(trader: Trader, index: int, loss_index: int) -> Balance:
    """Margin and position of the account if settled up to these indices."""
    position, margin = trader.position, trader.margin
    margin += (-position * (index - trader.index)) // WAD
    if rarely(loss_index != trader.loss_index):
        margin -= div_up(abs(position) * (loss_index - trader.loss_index), WAD)
    return Balance(margin, position)


def bounded_rate(old: int, wanted: int, elapsed_s: int, rate_max: int, step_max: int) -> int:
    """The wanted rate, moved no faster than `step_max` a second and no further than `rate_max`."""
    step = step_max * elapsed_s
    return clamp(clamp(wanted, old - step, old + step), -rate_max, rate_max)
