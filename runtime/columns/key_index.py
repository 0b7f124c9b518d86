"""A hash table from 32-byte keys to row numbers that looks up whole columns of keys.

Rows of one bucket are chained: heads[bucket] → row → nexts[row] → … → 0. So rows are numbered from
1, in the order in which keys were added.

Guarantees: chains are short for all keys, even if an adversary chooses them without knowing the
secret, as the hash is universal. It is NH (Black et al., "UMAC", 1999: two keys collide with
probability 2^-32 at most), then multiply-shift (Dietzfelbinger et al., 1997: at most twice as
likely as by chance). The secret has no effect on results. If adding keys is interrupted anywhere,
each of them was added or not. Does not: remove keys.
"""

from __future__ import annotations

import secrets
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives.integers import U64_MAX
from ...primitives.pubkey import PUBKEY_LEN
from ...programs.kit.columns.row_equality import equal_rows
from .huge_pages import huge_page_zeros
from .shared_columns import scalar_view
from .two_threads import run_slices

NO_ROW: Final = 0
_ROWS_MIN: Final = 1024
_HEADS_PER_ROW: Final = 2
_CHUNK_LEN: Final = 16_384  # keys looked up at a time: their intermediate arrays fit the cache
_PARTS: Final = struct.Struct("<8I")
_LOW: Final = 0xFFFF_FFFF

Rows = NDArray[np.int64]
Words = NDArray[np.uint64]  # [n, 4]: keys
Hashes = NDArray[np.uint64]


class _Hash:
    """A 64-bit hash of a key. Its highest bits select the bucket."""

    def __init__(self) -> None:
        self._addends: tuple[int, ...] = _PARTS.unpack(secrets.token_bytes(PUBKEY_LEN))
        self._factor = secrets.randbits(64) | 1
        self._addend_column = np.array(self._addends, dtype=np.uint32)
        self._factor_word = np.uint64(self._factor)

    def of_column(self, words: Words) -> Hashes:
        parts = (words.view(np.uint32) + self._addend_column).view(np.uint64)
        high = parts >> np.uint64(32)
        parts &= np.uint64(_LOW)
        parts *= high
        hashes = parts[:, 0] + parts[:, 1]
        hashes += parts[:, 2]
        hashes += parts[:, 3]
        hashes *= self._factor_word
        return hashes

    def of_key(self, key: bytes) -> int:
        """The hash of one key; faster than for a column of one."""
        a, b, c, d, e, f, g, h = _PARTS.unpack(key)
        i, j, k, m, n, o, p, q = self._addends
        total = (a + i & _LOW) * (b + j & _LOW) + (c + k & _LOW) * (d + m & _LOW)
        total += (e + n & _LOW) * (f + o & _LOW) + (g + p & _LOW) * (h + q & _LOW)
        return total * self._factor & U64_MAX


class _Chains:
    """The buckets' chains, for at most `capacity` rows, row 0 included."""

    def __init__(self, capacity: int) -> None:
        bits = (capacity * _HEADS_PER_ROW - 1).bit_length()
        self.shift = 64 - bits
        self._shift_word = np.uint64(self.shift)
        self._heads = huge_page_zeros((1 << bits,), np.uint32)
        self._nexts = huge_page_zeros((capacity,), np.uint32)
        self.heads = scalar_view(self._heads)
        self.nexts = scalar_view(self._nexts)

    def first(self, hashes: Hashes) -> Rows:
        return self._heads[hashes >> self._shift_word].astype(np.int64)

    def after(self, rows: Rows) -> Rows:
        return self._nexts[rows].astype(np.int64)

    def link(self, rows: Rows, hashes: Hashes) -> None:
        """Insert these rows at the front of their chains."""
        buckets = hashes >> self._shift_word
        order = np.argsort(buckets)
        buckets, rows = buckets[order], rows[order]
        last = np.ones(len(rows), dtype=np.bool_)
        np.not_equal(buckets[1:], buckets[:-1], out=last[:-1])
        follower = self._heads[buckets]
        follower[:-1] = np.where(last[:-1], follower[:-1], rows[1:])
        self._nexts[rows] = follower
        first = np.roll(last, 1)
        # Only this step makes the rows visible, all of them at once.
        self._heads[buckets[first]] = rows[first]


class KeyIndex:
    """Maps keys to rows. `len()` is the number of keys; their rows are 1 to `len()`."""

    def __init__(self) -> None:
        self._count = 0
        self._hash = _Hash()
        self._keys: Words = np.zeros((_ROWS_MIN, PUBKEY_LEN // 8), dtype=np.uint64)
        self._raw_keys = scalar_view(self._keys).cast("B")
        self._chains = _Chains(_ROWS_MIN)

    def __len__(self) -> int:
        return self._count

    @property
    def keys(self) -> NDArray[np.uint8]:
        """uint8[len + 1, 32]: the key of each row; row 0 is unused."""
        return self._keys[: self._count + 1].view(np.uint8)

    def row(self, key: bytes) -> int:
        """The row of one key; NO_ROW if it was never added."""
        chains, raw = self._chains, self._raw_keys
        row = chains.heads[self._hash.of_key(key) >> chains.shift]
        while row and raw[row * PUBKEY_LEN : (row + 1) * PUBKEY_LEN].tobytes() != key:
            row = chains.nexts[row]
        return row

    def find(self, keys: NDArray[np.uint8]) -> Rows:
        """int64[n]: the rows of keys uint8[n, 32]; NO_ROW for a key that was never added."""
        words = _words(keys)
        rows = np.empty(len(words), dtype=np.int64)

        def find(chunk: slice) -> None:
            rows[chunk] = self._find(words[chunk], self._hash.of_column(words[chunk]))

        run_slices(find, len(words), _CHUNK_LEN)
        return rows

    def rows(self, keys: NDArray[np.uint8]) -> Rows:
        """int64[n]: the rows of keys uint8[n, 32]. Adds keys that have no row yet."""
        rows = self.find(keys)
        absent = (rows == NO_ROW).nonzero()[0]
        while len(absent):
            words = _words(keys)[absent]
            hashes = self._hash.of_column(words)
            # One key for each hash at a time. The others are nearly always the same key again.
            _, first = np.unique(hashes, return_index=True)
            first.sort()
            self._add(words[first], hashes[first])
            rows[absent] = self._find(words, hashes)
            absent = absent[rows[absent] == NO_ROW]
        return rows

    def copy(self) -> KeyIndex:
        copied = KeyIndex()
        copied.rows(self.keys[1:])
        return copied

    def _find(self, words: Words, hashes: Hashes) -> Rows:
        rows = self._chains.first(hashes)
        wrong = self._wrong(rows, words)
        while len(wrong):
            followers = self._chains.after(rows[wrong])
            rows[wrong] = followers
            wrong = wrong[self._wrong(followers, words[wrong])]
        return rows

    def _wrong(self, rows: Rows, words: Words) -> Rows:
        """The places where a row belongs to a different key."""
        same = equal_rows(self._keys.take(rows, axis=0).view(np.uint8), words.view(np.uint8))
        return (~same & (rows != NO_ROW)).nonzero()[0]

    def _add(self, words: Words, hashes: Hashes) -> None:
        """Add new keys, all different."""
        first, end = self._count + 1, self._count + 1 + len(words)
        self._reserve(end)
        self._keys[first:end] = words
        # An interrupt from here on wastes row numbers, but does no other harm.
        self._count += len(words)
        self._chains.link(np.arange(first, end), hashes)

    def _reserve(self, capacity: int) -> None:
        if capacity <= len(self._keys):
            return
        used = self._count + 1
        shape = (max(capacity, 2 * len(self._keys)), self._keys.shape[1])
        keys: Words = huge_page_zeros(shape, np.uint64)
        keys[:used] = self._keys[:used]
        chains = _Chains(len(keys))
        chains.link(np.arange(1, used), self._hash.of_column(keys[1:used]))
        self._keys, self._raw_keys, self._chains = keys, scalar_view(keys).cast("B"), chains


def _words(keys: NDArray[np.uint8]) -> Words:
    return np.ascontiguousarray(keys).view(np.uint64)
