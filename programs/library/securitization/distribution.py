"""Distributions: what was collected and lost since the last one goes through the waterfall."""

from __future__ import annotations

from ...kit import Context, Mut, require
from .accrual import index_rise
from .deal import require_all_tranches
from .errors import SecuritizationError
from .events import Distributed
from .program import securitization
from .state import Deal, Ledger, Stage, Tranche
from .waterfall import Claim, Collected, Part, accrue, share_out


@securitization.instruction(tag=15)
def distribute(ctx: Context, deal: Mut[Deal], ledger: Ledger, tranches: list[Mut[Tranche]]) -> None:
    """Share out what the ledger has collected. Anybody may; the tranches in the order of ranks."""
    require(deal.stage == Stage.Active, SecuritizationError.WrongStage, account=deal)
    require(deal.ledger == ledger.key, SecuritizationError.WrongDeal, account=ledger)
    require_all_tranches(deal, tranches)
    collected, lost = _since_the_last(deal, ledger)
    elapsed_s = ctx.clock.unix_timestamp - deal.distributed_at
    anything = elapsed_s > 0 or collected.interest + collected.principal + lost > 0
    require(anything, SecuritizationError.NothingToDistribute, account=deal)
    deal.distributed_at = ctx.clock.unix_timestamp
    deal.pool -= collected.principal + lost
    claims = [_claim(tranche, elapsed_s) for tranche in tranches]
    paid = share_out(collected, deal.pool, claims)
    deal.fees_owed += paid.fee
    for tranche, part in zip(tranches, paid.parts, strict=True):
        _pay(ctx, tranche, part)


def _since_the_last(deal: Deal, ledger: Ledger) -> tuple[Collected, int]:
    """What was collected and lost since then; from now on it counts as seen."""
    interest = ledger.interest - deal.interest_seen
    principal = ledger.principal - deal.principal_seen
    lost = ledger.losses - deal.losses_seen
    deal.interest_seen += interest
    deal.principal_seen += principal
    deal.losses_seen += lost
    return Collected(interest, principal, deal.fee_bps), lost


def _claim(tranche: Tranche, elapsed_s: int) -> Claim:
    """What a tranche claims, now that its interest has accrued."""
    interest, tranche.accrued = accrue(
        tranche.principal, tranche.coupon_bps, elapsed_s, tranche.accrued
    )
    return Claim(tranche.principal, tranche.shortfall + interest)


def _pay(ctx: Context, tranche: Tranche, part: Part) -> None:
    tranche.principal -= part.repaid + part.lost
    tranche.shortfall = part.shortfall
    tranche.income += part.income
    tranche.repaid += part.repaid
    tranche.lost += part.lost
    tranche.paid_index += index_rise(part.income + part.repaid, tranche.notes)
    ctx.emit(
        Distributed(
            tranche=tranche.key,
            rank=tranche.rank,
            income=part.income,
            repaid=part.repaid,
            lost=part.lost,
            shortfall=part.shortfall,
        )
    )
