"""What banks charge: interest by utilization, and fees by how far deposits are from a target.

Interest: Mango v4's curve of four points and its indices (state/bank.rs). Fees: GMX's dynamic basis
points (VaultUtils.getFeeBasisPoints). Indices favour the bank: borrows round up, deposits down.

    >>> from sealane.programs.library.perpetuals.cross.rates import fee_basis_points
    >>> fee_basis_points(29_700, 14_850, 20_000, fee_bps=100, tax_bps=50, increases=True)
    150
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ....kit import div_up
from ...units import WAD
from ..fixed_point import clamp
from .state import Bank

YEAR_S: Final = 365 * 24 * 60 * 60


class Curve(NamedTuple):
    """Rates at utilizations of 0, `util0`, `util1` and 1, straight in between."""

    zero_util_rate: int
    util0: int
    rate0: int
    util1: int
    rate1: int
    max_rate: int


def curve_of(bank: Bank) -> Curve:
    """The bank's curve."""
    return Curve(*(getattr(bank, name) for name in Curve._fields))


def interest_rate(curve: Curve, utilization: int) -> int:
    """The rate by the year at this utilization, which is taken as 0 to 1; rounded down.

    >>> tenth = 10**17
    >>> curve = Curve(0, 5 * tenth, tenth, 8 * tenth, 2 * tenth, 10 * tenth)
    >>> [interest_rate(curve, tenths * tenth) // (tenth // 100) for tenths in (-1, 5, 9, 12)]
    [0, 100, 600, 1000]
    """
    at = clamp(utilization, 0, WAD)
    points = [(0, curve.zero_util_rate), (curve.util0, curve.rate0), (curve.util1, curve.rate1)]
    ends = [*points[1:], (WAD, curve.max_rate)]
    for (low, rate), (high, rate_there) in zip(points, ends, strict=True):
        if at <= high:
            # Without width, the later rate holds from there on.
            width = high - low
            return rate + (rate_there - rate) * (at - low) // width if width else rate_there
    return curve.max_rate


def utilization(deposits: int, borrows: int) -> int:
    """Borrowed of what is deposited: 0 to 1."""
    return clamp(borrows * WAD // deposits, 0, WAD) if deposits else 0


def grown_indices(bank: Bank, deposits: int, borrows: int, elapsed_s: int) -> tuple[int, int]:
    """(deposit index, borrow index) after a time with these indexed totals.

    Depositors get what borrowers pay, without the loan fee.
    """
    used = utilization(deposits * bank.deposit_index, borrows * bank.borrow_index)
    rate = interest_rate(curve_of(bank), used)
    earned = rate * used // WAD
    grown = bank.deposit_index * earned * elapsed_s // (YEAR_S * WAD)
    owed = div_up(bank.borrow_index * (rate + bank.loan_fee_rate) * elapsed_s, YEAR_S * WAD)
    return bank.deposit_index + grown, bank.borrow_index + owed


def fee_basis_points(
    amount: int, target: int, delta: int, *, fee_bps: int, tax_bps: int, increases: bool
) -> int:
    """The fee for changing `amount` by `delta`: less if that brings it nearer to its target.

    A rebate in proportion to how far it was off, or a tax in proportion to how far it is off on
    average before and after; both rounded down: the rebate favours the bank, the tax the user.
    """
    after = amount + delta if increases else max(amount - delta, 0)
    if target == 0:
        return fee_bps
    off, off_after = abs(amount - target), abs(after - target)
    if off_after < off:
        return max(fee_bps - tax_bps * off // target, 0)
    average = min((off + off_after) // 2, target)
    return fee_bps + tax_bps * average // target
