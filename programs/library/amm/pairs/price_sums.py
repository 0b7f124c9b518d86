"""Cumulative prices, from which anyone computes an average price between two moments.

Each price is a UQ112.112 number (224 bits, the lower half fractional); a sum grows by price times
seconds and wraps at 256 bits, like the seconds at 32, which differences do not notice.
Source: `_update` of UniswapV2Pair.sol and UniswapV2OracleLibrary.sol.
"""

from __future__ import annotations

from typing import Final

from .....primitives.integers import U256_MAX
from ....kit import rarely

RESOLUTION_BITS: Final = 112
_RESOLUTION: Final = 1 << RESOLUTION_BITS
_TIME_MODULUS: Final = 1 << 32


def encoded_price(reserve: int, other: int) -> int:
    """The price of one unit of `reserve`'s token in the other's; rounded down.

    >>> encoded_price(2, 6) == 3 << RESOLUTION_BITS
    True
    """
    return other * _RESOLUTION // reserve


def wrapped_time(unix_timestamp: int) -> int:
    """The time in seconds as a pool stores it."""
    return unix_timestamp % _TIME_MODULUS


def seconds_between(earlier: int, later: int) -> int:
    """The seconds from one stored time to another, across the wrap."""
    return (later - earlier) % _TIME_MODULUS


def sums_after(sums: tuple[int, int], reserves: tuple[int, int], seconds: int) -> tuple[int, int]:
    """The sums of both prices after the reserves have stood for that many seconds."""
    a, b = reserves
    if rarely((a == 0) | (b == 0)):
        return sums
    growth = encoded_price(a, b) * seconds, encoded_price(b, a) * seconds
    return _wrapped_sum(sums[0], growth[0]), _wrapped_sum(sums[1], growth[1])


def _wrapped_sum(total: int, growth: int) -> int:
    if rarely(total > U256_MAX - growth):
        return total - (U256_MAX - growth) - 1
    return total + growth
