"""The insurance fund, and what happens to a loss that is larger.

The fund is an account of the market like any other, without an owner who could withdraw: fees go
into it, and anybody may pay into it. It pays for accounts that have nothing positive left, and
never more than it has. What is left of a loss then is shared by all positions, by size.
"""

from __future__ import annotations

from ....kit import Context, Mut, div_up, require
from ...units import WAD
from ..accounts import require_alone
from ..errors import PerpetualsError
from ..events import LossShared
from ..fixed_point import above_zero
from ..funding import settle_account
from ..program import perpetuals
from ..state import Market, Totals, Trader
from ..trading import not_settled


@perpetuals.instruction(tag=24)
def collect_fees(market: Mut[Market], totals: Mut[Totals], insurance: Mut[Trader]) -> None:
    """Give the fund the fees that trades have paid since the last time; by anybody.

    Takes what was closed off what was opened, too: so neither sum fills its 64 bits.
    """
    _require_own(market, totals, insurance)
    totals.opened -= totals.closed
    totals.closed = 0
    insurance.margin += totals.fees - market.fees_collected
    market.fees_collected = totals.fees


@perpetuals.instruction(tag=25)
def cover(ctx: Context, market: Market, trader: Mut[Trader], insurance: Mut[Trader]) -> None:
    """Let the fund pay what an account owes that has nothing else; as far as it can."""
    require(market.insurance == insurance.key, PerpetualsError.WrongMarket, account=insurance)
    owed = _deficit(ctx, market, trader)
    paid = min(owed, above_zero(insurance.margin))
    insurance.margin -= paid
    trader.margin += paid


@perpetuals.instruction(tag=26)
def share_loss(
    ctx: Context, market: Mut[Market], totals: Totals, insurance: Trader, trader: Mut[Trader]
) -> None:
    """Share what the account still owes among all other positions, rounded up for each."""
    require(not_settled(market), PerpetualsError.Settled, account=market)
    _require_own(market, totals, insurance)
    left = insurance.margin + totals.fees - market.fees_collected
    require(left <= 0, PerpetualsError.InsuranceLeft, account=insurance)
    owed = _deficit(ctx, market, trader)
    others = totals.opened - totals.closed - abs(trader.position)
    require(others > 0, PerpetualsError.NothingToShare, account=totals)
    market.loss_index += div_up(owed * WAD, others)
    trader.loss_index = market.loss_index
    trader.margin = 0
    ctx.emit(LossShared(trader=trader.key, loss=owed, loss_index=market.loss_index))


def _require_own(market: Market, totals: Totals, insurance: Trader) -> None:
    require(market.totals == totals.key, PerpetualsError.WrongMarket, account=totals)
    require(market.insurance == insurance.key, PerpetualsError.WrongMarket, account=insurance)


def _deficit(ctx: Context, market: Market, trader: Trader) -> int:
    """What an account owes that has nothing positive left, now that it is settled."""
    require(trader.key != market.insurance, PerpetualsError.SameAccount, account=trader)
    require_alone(trader)
    balance = settle_account(market, trader, ctx.clock)
    lost = balance.margin < 0 and balance.position <= 0
    require(lost, PerpetualsError.NoDeficit, account=trader)
    return -balance.margin
