"""Widths and units of the fixed-point numbers.

Square roots of prices have 96 bits after the point (Q64.96), fee growth per unit of liquidity has
128 (Q128.128). A fee is in millionths.
"""

from __future__ import annotations

from typing import Final

from .....primitives.integers import U256_MAX

Q96: Final = 1 << 96
Q128: Final = 1 << 128
U128_END: Final = 1 << 128
U160_END: Final = 1 << 160
FEE_UNIT: Final = 1_000_000


def wrap256(value: int) -> int:
    """What 256 bits keep of a sum or difference of growths: only differences have a meaning."""
    return value & U256_MAX
