"""The different keys of a column, numbered in the order in which they first occur.

Guarantees: exact, whatever the keys are. A hash only brings equal keys together; where different
ones meet, by chance or because somebody chose them so, the keys themselves are sorted, which takes
several times as long and no more. Does not: need a secret.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .group_by import GroupBy

# Odd, with bits that look random: fractional parts of the square roots of 2, 3, 5 and 7.
FACTORS: Final = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1],
    dtype=np.uint64,
)

Words = NDArray[np.uint64]  # [n, 4]: keys
Rows = NDArray[np.int64]


def interned(keys: NDArray[np.uint8]) -> tuple[Rows, NDArray[np.uint32]]:
    """Of uint8[n, 32]: int64[K], the row in which each different key first occurs, ascending;
    uint32[n], the number of each row's key."""
    words = np.ascontiguousarray(keys).view(np.uint64)
    every = np.arange(len(words))
    first = _first_by_hash(words)
    again = (first != every).nonzero()[0]
    if (np.take(words, again, axis=0) != np.take(words, first[again], axis=0)).any():
        first = _first_by_key(words)
    is_first = first == every
    number_at = is_first.cumsum(dtype=np.uint32) - np.uint32(1)
    return is_first.nonzero()[0], number_at[first]


def _first_by_hash(words: Words) -> Rows:
    """For each row, the first with the same hash."""
    count = len(words)
    # Row numbers in the low bits of the hash: one plain sort, several times as fast as argsort.
    row_mask = np.uint64((1 << count.bit_length()) - 1)
    packed = words @ FACTORS & ~row_mask
    packed |= np.arange(count, dtype=np.uint64)
    packed.sort()
    rows = (packed & row_mask).astype(np.int64)
    packed &= ~row_mask
    groups = GroupBy(rows, packed[1:] != packed[:-1])
    return groups.broadcast(groups.first)


def _first_by_key(words: Words) -> Rows:
    """For each row, the first with the same key."""
    rows = np.lexsort(words.T)
    ordered = words[rows]
    groups = GroupBy(rows, (ordered[1:] != ordered[:-1]).any(axis=1))
    return groups.broadcast(groups.first)
