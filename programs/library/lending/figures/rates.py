"""Interest rates by utilization: Compound's WhitePaperInterestRateModel and JumpRateModel.

Rates have 18 decimals and are for one block. Every division rounds down, as there, except that of
the suppliers' rate, which is a bound from above: see `accrual`.

    >>> from sealane.programs.library.lending import RateKind, RateModel
    >>> model = RateModel(
    ...     kind=RateKind.Jump, base=10**16, multiplier=10**17, jump=10**18, kink=8 * 10**17,
    ...     blocks_per_year=100,
    ... )
    >>> borrow_rate(model, cash=50, borrows=50, reserves=0)  # 0.01 + 0.1 × 0.5, a year
    600000000000000
"""

from __future__ import annotations

from ....kit import div_up, require
from ...units import WAD
from ..errors import LendingError
from ..state import RateKind, RateModel
from .wad import checked, over, times


def utilization(cash: int, borrows: int, reserves: int) -> int:
    """The borrowed part of what suppliers own, with 18 decimals; 0 where nothing is borrowed."""
    if borrows == 0:
        return 0
    owned = checked(checked(cash + borrows) - reserves)
    require(owned > 0, LendingError.MathOverflow)
    return over(borrows, owned)


def borrow_rate(model: RateModel, cash: int, borrows: int, reserves: int) -> int:
    """What borrowers pay for a block."""
    used = utilization(cash, borrows, reserves)
    base = model.base // model.blocks_per_year
    multiplier = model.multiplier // model.blocks_per_year
    if model.kind is RateKind.WhitePaper or used <= model.kink:
        return checked(times(used, multiplier) + base)
    jump = model.jump // model.blocks_per_year
    at_kink = checked(times(model.kink, multiplier) + base)
    return checked(times(used - model.kink, jump) + at_kink)


def supply_rate(rate: int, reserve_factor: int, cash: int, borrows: int, reserves: int) -> int:
    """What suppliers earn for a block at this borrow rate: never less than they really do."""
    owned = cash + borrows - reserves
    if borrows == 0 or owned <= 0:
        return 0
    return div_up(rate * (WAD - reserve_factor) * borrows, WAD * owned) + 1
