"""Interning: numbers the distinct keys of a column in order of first occurrence.

Guarantees: exact for all keys. Equal keys are found by hash; if different keys collide, by chance
or because an adversary chose them, the keys themselves are sorted instead, which only takes several
times as long. Does not: need a secret.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .group_by import GroupBy

# Odd, with random-looking bits: the fractional parts of the square roots of 2, 3, 5 and 7.
FACTORS: Final = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1],
    dtype=np.uint64,
)

Words = NDArray[np.uint64]  # [n, 4]: keys
Rows = NDArray[np.int64]


def interned(keys: NDArray[np.uint8]) -> tuple[Rows, NDArray[np.uint32]]:
    """Intern uint8[n, 32]. Returns int64[K], the row in which each distinct key first occurs,
    ascending; and uint32[n], the number of each row's key."""
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
    """For each row, the first row with the same hash."""
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
    """For each row, the first row with the same key."""
    rows = np.lexsort(words.T)
    ordered = words[rows]
    groups = GroupBy(rows, (ordered[1:] != ordered[:-1]).any(axis=1))
    return groups.broadcast(groups.first)
