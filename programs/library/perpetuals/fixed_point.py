"""Fixed point with 18 decimals, as dYdX has it: one is `WAD`.

Integers only, and the same for plain ints and for the columns of batch handlers. `//` rounds down,
also below zero, so what is added to an account is never too much.

    >>> from sealane.programs.library.perpetuals.fixed_point import WAD, div_up
    >>> -(7 * 7 * WAD // 10) // WAD, div_up(7, 2), div_up(-7, 2)
    (-5, 4, -3)
"""

from __future__ import annotations

from typing import Final

from ...kit import select

WAD: Final = 10**18
BASIS_POINTS: Final = 10_000


def div_up(value: int, divisor: int) -> int:
    """`value / divisor`, rounded up; the divisor is above zero."""
    return 0 - (0 - value) // divisor


def above_zero(value: int) -> int:
    """The value, or 0 if it is negative."""
    return select(value > 0, value, 0)


def smaller(a: int, b: int) -> int:
    """The smaller of two."""
    return select(a < b, a, b)


def clamp(value: int, low: int, high: int) -> int:
    """The value, moved into `low..high`."""
    return select(value < low, low, smaller(value, high))
