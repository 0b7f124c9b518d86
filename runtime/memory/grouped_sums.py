"""Sums of what many transactions add to few accounts, exact where they would not fit 64 bits."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

HALF_OF_U64: Final = np.uint64(1 << 63)
_HALF_BITS: Final = np.uint64(32)
_LOW_HALF: Final = np.uint64((1 << 32) - 1)


def grouped_sums(
    ids: NDArray[np.uint32], amounts: NDArray[np.uint64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.bool_]]:
    """Each distinct id, ascending; the sum of its amounts; and whether that is half of u64 or more,
    in which case the sum may have wrapped around. `amounts` may be any."""
    accounts, which = np.unique(ids, return_inverse=True)
    low = np.zeros(len(accounts), dtype=np.uint64)
    high = np.zeros(len(accounts), dtype=np.uint64)
    # By halves, whose sums over a block's rows do not wrap.
    np.add.at(low, which, amounts & _LOW_HALF)
    np.add.at(high, which, amounts >> _HALF_BITS)
    high += low >> _HALF_BITS
    crowded = high >= HALF_OF_U64 >> _HALF_BITS
    return accounts, (high << _HALF_BITS) | (low & _LOW_HALF), crowded
