"""The instruction that brings a reserve up to date."""

from __future__ import annotations

from ....kit import Context, Mut
from ..accruing import accrue, set_rates
from ..program import lending
from ..state import Reserve, Totals


@lending.instruction(tag=0)
def refresh(ctx: Context, reserve: Mut[Reserve], totals: Mut[Totals]) -> None:
    """Bring the prices up to this slot. Anybody may: others then get the exact prices."""
    config = reserve.config
    accrue(reserve, totals, config, ctx.clock.slot)
    set_rates(reserve, totals, config)
