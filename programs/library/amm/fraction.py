"""Fees as fractions of an amount, and the ways in which the two references round them.

Uniswap v2 never computes the fee: it multiplies both sides of an inequality by the denominator.
SPL token-swap computes it, rounded down but at least one token, in favour of the pool.
"""

from __future__ import annotations

from typing import NamedTuple

from ...kit import div_up, require
from .errors import AmmError


class Fraction(NamedTuple):
    """`numerator / denominator`. 0/0, as SPL token-swap has it, is no fee."""

    numerator: int
    denominator: int

    @property
    def rest(self) -> int:
        """The numerator of what the fee leaves."""
        return self.denominator - self.numerator

    def of(self, amount: int) -> int:
        """The fee on `amount`: rounded down, but at least 1, unless there is none.

        >>> [Fraction(1, 100).of(amount) for amount in (0, 1, 199, 200)]
        [0, 1, 1, 2]
        """
        if self.numerator == 0 or amount == 0:
            return 0
        require(self.denominator > 0, AmmError.CalculationFailure)
        return max(1, amount * self.numerator // self.denominator)

    def before(self, rest: int) -> int:
        """The least amount that the exact fee leaves `rest` of, rounded up.

        >>> Fraction(1, 100).before(99), Fraction(1, 100).before(100)
        (100, 102)
        """
        if self.numerator == 0 or self.denominator == 0:
            return rest
        if self.numerator == self.denominator or rest == 0:
            return 0
        return div_up(rest * self.denominator, self.rest)

    def plus(self, other: Fraction) -> Fraction:
        """The sum of two fees on the same amount."""
        if self.numerator == 0 or self.denominator == 0:
            return other
        if other.numerator == 0 or other.denominator == 0:
            return self
        numerator = self.numerator * other.denominator + other.numerator * self.denominator
        return Fraction(numerator, self.denominator * other.denominator)


def require_fee(fee: Fraction) -> None:
    """Require a fraction from 0 to below 1; 0/0 passes."""
    require(
        fee == (0, 0) or fee.numerator < fee.denominator,
        AmmError.InvalidFee,
        lambda: f"{fee.numerator}/{fee.denominator} is no fee",
    )
