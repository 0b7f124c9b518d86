"""Fixed-point arithmetic: amounts with 18 decimals, rates with 27, debts with 45.

A `wad` has 18 decimals, a `ray` 27 and their product, a `rad`, 45; all are u256 in accounts. Powers
by squaring: `ray_power` is `_rpow` of Maker's Jug, Pot and abaci, `decimal_power` is `_decPow` of
Liquity's LiquityMath; both round each product to the nearest. Everything else rounds down.

    >>> ray_power(1_000000564701133626865910626, 86_400) // 10**15
    1050000000000
    >>> decimal_power(999_037_758_833_783_000, 720)
    499999999999860089
"""

from __future__ import annotations

from typing import Final

from .....primitives.integers import U256_MAX
from ....kit import InstructionErrors, require
from ...units import WAD

RAY: Final = 10**27
RAD: Final = 10**45
WAD_DECIMALS: Final = 18

# Minutes in 1,000 years: after these, whatever decays is gone.
MINUTES_MAX: Final = 525_600_000


def fits_u256(value: int) -> int:
    """`value`, if it fits 256 bits; every product of the references is checked so."""
    require(value <= U256_MAX, InstructionErrors.ArithmeticOverflow)
    return value


def ray_product(a: int, b: int) -> int:
    """The product of two values of which one is a ray, rounded down."""
    return fits_u256(a * b) // RAY


def ray_quotient(a: int, b: int) -> int:
    """`a / b` as a ray, rounded down."""
    require(b != 0, InstructionErrors.ArithmeticOverflow)
    return fits_u256(a * RAY) // b


def wad_product(a: int, b: int) -> int:
    """The product of two values of which one is a wad, rounded down."""
    return fits_u256(a * b) // WAD


def ray_power(base: int, exponent: int) -> int:
    """A ray to an integer power, each product rounded to the nearest."""
    result = base if exponent % 2 else RAY
    exponent //= 2
    while exponent:
        base = _nearest(base * base, RAY)
        if exponent % 2:
            result = _nearest(result * base, RAY)
        exponent //= 2
    return result


def decimal_power(base: int, minutes: int) -> int:
    """A wad to an integer power, each product rounded to the nearest.

    The exponent is capped at `MINUTES_MAX`.
    """
    exponent = min(minutes, MINUTES_MAX)
    if exponent == 0:
        return WAD
    result = WAD
    while exponent > 1:
        if exponent % 2:
            result = _nearest(base * result, WAD)
        base = _nearest(base * base, WAD)
        exponent //= 2
    return _nearest(base * result, WAD)


def _nearest(product: int, one: int) -> int:
    return fits_u256(product + one // 2) // one
