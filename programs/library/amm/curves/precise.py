"""Fixed-point numbers with 12 decimals, rounded to nearest, as SPL's `PreciseNumber`.

Results must be the same to the last digit, so the reference's approximations are kept: its Newton
iteration for roots with its stopping rule, and its less exact product and quotient where the exact
intermediate would exceed 256 bits. Source: libraries/math/src/precise_number.rs.
"""

from __future__ import annotations

from typing import Final

from ....kit import require
from ..errors import AmmError

ONE: Final = 10**12
_HALF: Final = ONE // 2
_LIMIT: Final = 1 << 256
_U128_LIMIT: Final = 1 << 128
_ITERATIONS_MAX: Final = 100
_CLOSE: Final = 100  # iterations stop when two guesses differ by less than this


def precise(value: int) -> int:
    """The fixed-point number for an integer.

    >>> precise(2)
    2000000000000
    """
    return _fitting(value * ONE)


def floor(number: int) -> int:
    """The integer part."""
    return _as_u128(number // ONE)


def ceiling(number: int) -> int:
    """The least integer that is not below the number."""
    return _as_u128((number + ONE - 1) // ONE)


def nearest(number: int) -> int:
    """The nearest integer; halves go up."""
    return _as_u128((number + _HALF) // ONE)


def product(a: int, b: int) -> int:
    """The product, rounded to nearest; of numbers too great, the greater is cut to an integer."""
    if a * b < _LIMIT:
        return (a * b + _HALF) // ONE
    return _fitting(max(a, b) // ONE * min(a, b))


def quotient(a: int, b: int) -> int:
    """The quotient, half a unit added before the division, as the reference does."""
    require(b != 0, AmmError.CalculationFailure)
    if a * ONE < _LIMIT:
        return (a * ONE + _HALF) // b
    return _fitting((a + _HALF) // b * ONE)


def square_root(number: int) -> int:
    """The square root, to about 11 digits.

    >>> square_root(precise(2))
    1414213562373
    """
    require(number <= (_U128_LIMIT - 1) * ONE, AmmError.CalculationFailure)
    if number == 0:
        return 0
    guess = quotient(number + ONE, 2 * ONE)
    for _ in range(_ITERATIONS_MAX):
        last = guess
        guess = quotient(guess + quotient(number, guess), 2 * ONE)
        if abs(guess - last) < _CLOSE:
            break
    return guess


def _fitting(value: int) -> int:
    require(value < _LIMIT, AmmError.CalculationFailure)
    return value


def _as_u128(value: int) -> int:
    require(value < _U128_LIMIT, AmmError.CalculationFailure)
    return value
