"""A moving average of integers, with their deviation, in integers: the same on every machine.

Source of the deviation: D. H. D. West, Updating Mean and Variance Estimates, CACM 22(9), 1979; with
equal weights for the first WINDOW values, and falling ones from then on.
"""

from __future__ import annotations

from math import isqrt
from typing import Final

WINDOW: Final = 8  # the latest value counts an eighth, as in TCP's round-trip times (RFC 6298)
_SCALE_BITS: Final = 10


class MovingAverage:
    """Of the first WINDOW values the plain average; from then on, older ones count less and less.

    >>> average = MovingAverage()
    >>> for value in (10, 20, 30):
    ...     average.add(value)
    >>> average.value, average.deviation
    (20, 8)
    """

    def __init__(self) -> None:
        self.count = 0
        self._scaled = 0
        self._variance = 0  # scaled twice

    @property
    def value(self) -> int:
        """The average, rounded; 0 before there is one."""
        return self._scaled + (1 << _SCALE_BITS >> 1) >> _SCALE_BITS

    @property
    def deviation(self) -> int:
        """How far values lie from the average: the root of their mean square, rounded down."""
        return isqrt(self._variance) >> _SCALE_BITS

    def add(self, value: int) -> None:
        """Count one more value."""
        self._shift((value << _SCALE_BITS) - self._scaled)

    def shift(self, difference: int) -> None:
        """Count one more value, which is so much more than the average; never below 0."""
        self._shift(difference << _SCALE_BITS)

    def _shift(self, scaled: int) -> None:
        self.count += 1
        weight = min(self.count, WINDOW)
        increment = scaled // weight
        self._scaled = max(0, self._scaled + increment)
        self._variance = (self._variance + scaled * increment) * (weight - 1) // weight
