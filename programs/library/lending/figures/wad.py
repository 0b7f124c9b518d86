"""Numbers with 18 decimals, as integers: `WAD` is one.

Guarantees: nothing wraps; a product past 256 bits fails as it does in the references.
"""

from __future__ import annotations

from .....primitives.integers import U256_MAX
from ....kit import require
from ...units import WAD
from ..errors import LendingError


def checked(value: int) -> int:
    """The value, unless it is below 0 or takes more than 256 bits: then MathOverflow."""
    require(0 <= value <= U256_MAX, LendingError.MathOverflow)
    return value


def times(a: int, b: int) -> int:
    """The product of two numbers with 18 decimals, rounded down."""
    return checked(a * b) // WAD


def over(a: int, b: int) -> int:
    """The quotient of two integers of one unit, with 18 decimals, rounded down."""
    return checked(a * WAD) // b


def nearest(value: int) -> int:
    """A number with 18 decimals as an integer; halves are rounded up."""
    return (value + WAD // 2) // WAD
