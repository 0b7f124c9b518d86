"""Fixed point with 18 decimals, as dYdX has it: one is `WAD`.

Integers only, and the same for plain ints and for the columns of batch handlers. `//` rounds down,
also below zero, so what is added to an account is never too much.

    >>> from sealane.programs.library.units import WAD
    >>> -(7 * 7 * WAD // 10) // WAD
    -5
"""

from __future__ import annotations

from ...kit import greatest, least, select


def above_zero(value: int) -> int:
    """The value, or 0 if it is negative."""
    return greatest(value, 0)


def size_of(value: int) -> int:
    """The value without its sign; `abs` is not for columns."""
    return select(value > 0, value, -value)


def clamp(value: int, low: int, high: int) -> int:
    """The value, moved into `low..high`."""
    return least(greatest(value, low), high)
