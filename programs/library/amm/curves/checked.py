"""Unsigned 128-bit arithmetic that fails the transaction instead of leaving its range."""

from __future__ import annotations

from .....primitives.integers import U128_MAX
from ....kit import div_up, require
from ..errors import AmmError


def u128(value: int) -> int:
    """The value; fails with CalculationFailure if it is negative or exceeds 128 bits."""
    require(0 <= value <= U128_MAX, AmmError.CalculationFailure)
    return value


def divided(a: int, b: int) -> int:
    """`a // b`; fails with CalculationFailure if `b` is zero."""
    require(b != 0, AmmError.CalculationFailure)
    return a // b


def fair_quotient(a: int, b: int) -> tuple[int, int]:
    """`a / b` rounded up, and the least divisor that gives the same quotient.

    Fails with CalculationFailure if the quotient is below 1, so that nothing small becomes 1.
    Source: libraries/math/src/checked_ceil_div.rs.

    >>> fair_quotient(400, 32)
    (13, 31)
    """
    quotient, left = divided(a, b), a % b if b else 0
    require(quotient > 0, AmmError.CalculationFailure)
    if left == 0:
        return quotient, b
    return quotient + 1, div_up(a, quotient + 1)


def traded(amount: int) -> int:
    """The amount; fails with ZeroTradingTokens if it is zero."""
    require(amount != 0, AmmError.ZeroTradingTokens)
    return amount
