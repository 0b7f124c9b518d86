"""Margin of a vault that does not hold all that it may owe, and the price at which it is sold.

After Opyn Gamma's MarginCalculator, type 1 vaults: spot price times a shock, and the most that an
option is worth at so much time to expiry, as a fraction. All values have 27 decimals, rounded
towards zero as there, and only amounts of collateral up.

    >>> from sealane.programs.library.options.rules.fixed_point import ONE
    >>> from sealane.programs.library.options.rules.naked import naked_needed
    >>> bound, shock = 1678 * ONE // 10_000, 75 * ONE // 100
    >>> naked_needed(True, ONE, 100 * ONE, 150 * ONE, bound, shock) * 100 // ONE  # in hundredths
    1678
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ....kit import require, select
from ..errors import OptionsError
from .fixed_point import ONE, above_zero, smaller, times, truncated

AUCTION_S: Final = 3_600


def naked_needed(
    is_put: bool, amount: int, strike: int, spot: int, upper_bound: int, spot_shock: int
) -> int:
    """In the strike asset (puts) or the underlying (calls)."""
    shocked = times(spot_shock, spot)
    worth = select(is_put, strike, ONE)
    risk = select(is_put, shocked, truncated(times(strike, spot_shock) * ONE, spot))
    per_option = times(upper_bound, smaller(worth, risk)) + above_zero(worth - risk)
    return times(per_option, amount)


def upper_bound(times_to_expiry_s: Sequence[int], bounds: Sequence[int], left_s: int) -> int:
    """The bound for the shortest of these times that is not shorter than what is left."""
    known = [pair for pair in zip(times_to_expiry_s, bounds, strict=True) if pair[0]]
    require(bool(known), OptionsError.NoExpiryValues)
    long_enough = [bound for time_s, bound in known if time_s >= left_s]
    require(bool(long_enough), OptionsError.NoUpperBound)
    return long_enough[0]


def debt_price(
    is_put: bool,
    collateral: int,
    debt: int,
    cash: int,
    spot: int,
    deviation: int,
    elapsed_s: int,
) -> int:
    """How much collateral one repaid option takes over, as the auction goes on."""
    end = truncated(collateral * ONE, debt)
    if elapsed_s >= AUCTION_S:
        return end
    start = above_zero(cash - times(deviation, spot))
    if not is_put:
        start = truncated(start * ONE, spot)
    # Elapsed and whole time have 9 decimals more in the reference, which leaves the quotient.
    return smaller(start + truncated((end - start) * elapsed_s, AUCTION_S), end)
