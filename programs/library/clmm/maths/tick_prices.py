"""Ticks and prices: the square root of the price at tick t is 1.0001 ** (t / 2).

Bit for bit as Uniswap v3's TickMath: the same factors, the same order of multiplications, rounded
up to 96 bits after the point. The factors are computed here, to 128 bits rounded to nearest.

    >>> sqrt_price_at(0) == 2**96, sqrt_price_at(-887_272)
    (True, 4295128739)
    >>> tick_at(sqrt_price_at(-57)), tick_at(sqrt_price_at(-57) - 1)
    (-57, -58)
"""

from __future__ import annotations

from math import isqrt
from typing import Final

from .....primitives.integers import U256_MAX
from ....kit import div_up, require
from ..errors import ClmmError
from .fixed_point import Q128

TICK_MAX: Final = 887_272
TICK_MIN: Final = -TICK_MAX
SQRT_PRICE_MIN: Final = 4_295_128_739
SQRT_PRICE_MAX: Final = 1461446703485210103287273052203988822378723970342

_WORKING_BITS: Final = 512


def _factors() -> tuple[int, ...]:
    """1.0001 ** (-(2 ** i) / 2) for each bit of a tick, with 128 bits after the point."""
    power = isqrt((10_000 << (2 * _WORKING_BITS)) // 10_001)
    factors: list[int] = []
    for _ in range(TICK_MAX.bit_length()):
        cut = _WORKING_BITS - 128
        factors.append((power + (1 << (cut - 1))) >> cut)
        power = (power * power) >> _WORKING_BITS
    return tuple(factors)


_FACTORS: Final = _factors()


def sqrt_price_at(tick: int) -> int:
    """The square root of the price at a tick, Q64.96, rounded up. Fails with TickOutOfRange."""
    distance = abs(tick)
    require(distance <= TICK_MAX, ClmmError.TickOutOfRange)
    ratio = Q128
    for bit, factor in enumerate(_FACTORS):
        if distance >> bit & 1:
            ratio = ratio * factor >> 128
    if tick > 0:
        ratio = U256_MAX // ratio
    return div_up(ratio, 1 << 32)


def tick_at(sqrt_price: int) -> int:
    """The greatest tick whose price is not above this one. Fails with PriceOutOfRange."""
    require(SQRT_PRICE_MIN <= sqrt_price < SQRT_PRICE_MAX, ClmmError.PriceOutOfRange)
    tick = min(max(_estimate(sqrt_price), TICK_MIN), TICK_MAX - 1)
    while sqrt_price_at(tick) > sqrt_price:
        tick -= 1
    while sqrt_price_at(tick + 1) <= sqrt_price:
        tick += 1
    return tick


# 2 ** 64 / log2(sqrt(1.0001)): ticks in a doubling of the square root, 64 bits after the point.
_TICKS_IN_OCTAVE_X64: Final = 255738958999603826347141
_LOG_BITS: Final = 16


def _estimate(sqrt_price: int) -> int:
    """log of the price to the base of a tick, at most one off: by repeated squaring."""
    exponent = sqrt_price.bit_length() - 1
    mantissa = sqrt_price << 128 - exponent if exponent < 128 else sqrt_price >> exponent - 128
    log = exponent - 96
    for _ in range(_LOG_BITS):
        mantissa = mantissa * mantissa >> 128
        carry = mantissa >> 129
        mantissa >>= carry
        log = log << 1 | carry
    return log * _TICKS_IN_OCTAVE_X64 >> _LOG_BITS + 64
