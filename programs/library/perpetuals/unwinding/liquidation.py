"""Liquidation: a taker takes over a position that is undercollateralized, in whole or in part.

As dYdX's P1Liquidation: position and margin change hands in proportion, so the taker gets what the
maker had left, and the maker's collateralization never falls. Both must pass what every trade must.
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import Adds, Context, Mut, Signer, least, require, u64
from ...oracle import Feed
from ..accounts import require_acts_for, require_alone
from ..balances import Balance, is_collateralized, margin_to_maker, require_final
from ..errors import PerpetualsError
from ..events import Liquidated
from ..price import market_price
from ..program import perpetuals
from ..state import NOBODY, Market, Totals, Trader
from ..trading import exchange, settle_both


class TakeOver(NamedTuple):
    """What was asked for: `is_buy` from the taker's side."""

    amount: int
    is_buy: bool
    all_or_nothing: bool


@perpetuals.instruction(tag=20)
def liquidate(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    maker: Mut[Trader],
    taker: Mut[Trader],
    taker_authority: Signer,
    liquidator: Signer,
    amount: u64,
    is_buy: bool,
    all_or_nothing: bool,
) -> None:
    """Take over up to `amount` of the maker's position, with that part of its margin.

    `is_buy`: the maker is long. The liquidator is the market's; anybody, if it names nobody.
    """
    known = market.liquidator in (NOBODY, liquidator.key)
    require(known, PerpetualsError.NotLiquidator)
    require_acts_for(taker, taker_authority)
    require_alone(maker)
    require_alone(taker)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, maker, taker)
    short = is_collateralized(before[0], price, market.min_collateral)
    require(not short, PerpetualsError.NotUndercollateralized, account=maker)
    asked = TakeOver(amount, is_buy, all_or_nothing)
    require_takeable(before[0], asked)
    size, cost = take_over(market, totals, maker, taker, before, asked, price)
    ctx.emit(
        Liquidated(maker=maker.key, taker=taker.key, size=size, margin_to_maker=cost, price=price)
    )


def require_takeable(maker: Balance, asked: TakeOver) -> None:
    """Require a position that can be reduced as asked."""
    size = abs(maker.position)
    whole = not asked.all_or_nothing or size >= asked.amount
    require(whole, PerpetualsError.MakerTooSmall)
    require(asked.is_buy == (maker.position > 0), PerpetualsError.WrongSide)
    positive = maker.margin >= 0 or maker.position >= 0
    require(positive, PerpetualsError.NothingPositive)
    require(size > 0, PerpetualsError.NoPosition)


def take_over(
    market: Market,
    totals: Totals,
    maker: Trader,
    taker: Trader,
    before: tuple[Balance, Balance],
    asked: TakeOver,
    price: int,
) -> tuple[int, int]:
    """Move position and margin in proportion; (size to the taker, margin to the maker)."""
    amount = least(asked.amount, abs(before[0].position))
    cost = margin_to_maker(before[0], amount)
    size = amount if asked.is_buy else -amount
    exchange(market, totals, maker, taker, size, cost)
    for trader, balance in zip((maker, taker), before, strict=True):
        after = Balance(trader.margin, trader.position)
        require_final(balance, after, price, market.min_collateral)
    return size, cost
