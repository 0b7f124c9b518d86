"""Deleveraging: where nobody takes over a position that is underwater, the other side has to.

As dYdX's P1Deleveraging. The market's deleverager may do it at once; anybody else marks the account
first and waits. The taker is not asked, so it must be on the other side, and only gets smaller.
"""

from __future__ import annotations

from typing import Final

from ....kit import Adds, Clock, Context, Mut, Pubkey, Signer, require, u64
from ...oracle import Feed
from ..accounts import require_alone
from ..balances import Balance, is_underwater
from ..errors import PerpetualsError
from ..events import Deleveraged, Marked
from ..funding import settle_account
from ..price import market_price
from ..program import perpetuals
from ..state import Market, Totals, Trader
from ..trading import settle_both
from .liquidation import TakeOver, require_takeable, take_over

DELEVERAGING_TIMELOCK_S: Final = 1_800


@perpetuals.instruction(tag=21)
def deleverage(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    maker: Mut[Trader],
    taker: Mut[Trader],
    sender: Signer,
    amount: u64,
    is_buy: bool,
    all_or_nothing: bool,
) -> None:
    """Let the taker take over up to `amount`, no more than either has."""
    _require_permission(market, maker, sender.key, ctx.clock)
    require_alone(maker)
    require_alone(taker)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, maker, taker)
    asked = TakeOver(amount, is_buy, all_or_nothing)
    _require_deleverageable(before, asked, price)
    asked = asked._replace(amount=min(amount, abs(before[1].position)))
    size, cost = take_over(market, totals, maker, taker, before, asked, price)
    if maker.position == 0 and maker.marked_at:
        _mark(ctx, maker, 0)
    ctx.emit(
        Deleveraged(maker=maker.key, taker=taker.key, size=size, margin_to_maker=cost, price=price)
    )


@perpetuals.instruction(tag=22)
def mark(ctx: Context, market: Market, feed: Feed, trader: Mut[Trader]) -> None:
    """Begin the time after which anybody may deleverage an account that is underwater."""
    price = market_price(market, feed, ctx.clock)
    balance = settle_account(market, trader, ctx.clock)
    require(is_underwater(balance, price), PerpetualsError.CannotMark, account=trader)
    _mark(ctx, trader, ctx.clock.unix_timestamp)


@perpetuals.instruction(tag=23)
def unmark(ctx: Context, market: Market, feed: Feed, trader: Mut[Trader]) -> None:
    """End it: the account is not underwater any more."""
    price = market_price(market, feed, ctx.clock)
    balance = settle_account(market, trader, ctx.clock)
    require(not is_underwater(balance, price), PerpetualsError.CannotUnmark, account=trader)
    _mark(ctx, trader, 0)


def _mark(ctx: Context, trader: Trader, since: int) -> None:
    trader.marked_at = since
    ctx.emit(Marked(trader=trader.key, since=since))


def _require_permission(market: Market, maker: Trader, sender: Pubkey, clock: Clock) -> None:
    if sender == market.deleverager:
        return
    require(maker.marked_at != 0, PerpetualsError.NotMarked, account=maker)
    waited_s = clock.unix_timestamp - maker.marked_at
    waited = waited_s >= DELEVERAGING_TIMELOCK_S
    require(waited, PerpetualsError.TimelockRunning, account=maker)


def _require_deleverageable(before: tuple[Balance, Balance], asked: TakeOver, price: int) -> None:
    maker, taker = before
    require(is_underwater(maker, price), PerpetualsError.NotUnderwater)
    enough = not asked.all_or_nothing or abs(maker.position) >= asked.amount
    require(enough, PerpetualsError.MakerTooSmall)
    opposite = (taker.position > 0) != (maker.position > 0)
    require(opposite, PerpetualsError.WrongTakerSide)
    enough = not asked.all_or_nothing or abs(taker.position) >= asked.amount
    require(enough, PerpetualsError.TakerTooSmall)
    require_takeable(maker, asked)
