"""Trades between two accounts, at a price on which both agree.

As dYdX's P1Trade: both accounts are settled, what was agreed changes hands, and each must end
collateralized, or smaller and no worse than it was. A trade writes the two accounts and adds to the
market's sums; so only trades of the same accounts wait for each other.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, div_up, i64, require
from ..oracle import Feed
from ..units import BASIS_POINTS
from .accounts import require_acts_for, require_alone
from .balances import Balance, require_final
from .errors import PerpetualsError
from .events import Traded
from .fixed_point import above_zero, size_of
from .funding import index_now, settle_to
from .price import market_price
from .program import perpetuals
from .state import Market, Totals, Trader


@perpetuals.instruction(tag=4)
def trade(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    maker: Mut[Trader],
    taker: Mut[Trader],
    maker_authority: Signer,
    taker_authority: Signer,
    size: i64,
    cost: i64,
) -> None:
    """The taker's position grows by `size` and its margin falls by `cost`; the maker's reverse.

    Both negative: a sale. The taker also pays the market's fee, rounded up. Owners sign, or their
    operators.
    """
    require_alone(maker)
    require_alone(taker)
    require_acts_for(maker, maker_authority)
    require_acts_for(taker, taker_authority)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, maker, taker)
    fee = taker_fee(market, cost)
    exchange(market, totals, maker, taker, size, cost)
    taker.margin -= fee
    totals.fees += fee
    for trader, balance in zip((maker, taker), before, strict=True):
        after = Balance(trader.margin, trader.position)
        require_final(balance, after, price, market.min_collateral)
    ctx.emit(Traded(maker=maker.key, taker=taker.key, size=size, cost=cost, fee=fee))


def settle_both(
    ctx: Context, market: Market, maker: Trader, taker: Trader
) -> tuple[Balance, Balance]:
    """Settle two different accounts of the market, and say what each has."""
    require(not_settled(market), PerpetualsError.Settled, account=market)
    require(maker.key != taker.key, PerpetualsError.SameAccount, account=taker)
    index = index_now(market, ctx.clock)
    return settle_to(market, maker, index), settle_to(market, taker, index)


def not_settled(market: Market) -> bool:
    """Whether the market is still open."""
    return market.settled == False  # noqa: E712 - for columns, too


def taker_fee(market: Market, cost: int) -> int:
    """The market's part of a trade's value, rounded up."""
    return div_up(size_of(cost) * market.taker_fee_bps, BASIS_POINTS)


def exchange(
    market: Market, totals: Totals, maker: Trader, taker: Trader, size: int, cost: int
) -> None:
    """Move `size` of position to the taker and `cost` of margin to the maker; keep the sums."""
    require(market.totals == totals.key, PerpetualsError.WrongMarket, account=totals)
    maker.margin += cost
    taker.margin -= cost
    for trader, change in ((maker, -size), (taker, size)):
        grown = size_of(trader.position + change) - size_of(trader.position)
        trader.position += change
        totals.opened += above_zero(grown)
        totals.closed += above_zero(-grown)
