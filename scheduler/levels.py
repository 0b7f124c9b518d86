"""Levels: the longest path to each transaction, in edges, computed chunk by chunk.

Edges are sorted by their earlier end, and every edge runs from a lower to a higher position, so the
level of an edge's earlier end can be final before it is used. Edges that leave the range of the
chunk's earlier ends are applied last, all at once in numpy; those that end inside it must be
applied in order.

Guarantees: final for all positions below the next chunk's first; O(transactions + edges).
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from .edges import EdgeChunk

# One numpy pass takes a tenth of the time of a walk edge by edge in Python. With many accounts,
# three or four passes settle a chunk; with few accounts, hundreds would not.
PASSES_MAX = 8
# A walk over this few transactions takes less time than two numpy passes.
SHORT_RANGE = 256
# A dense chunk is walked whole if its edges leave its range by at most 1/8 of that range.
NEAR_PART = 8


class Levels:
    """`of` uint32[n]: the level of each position, given the edges seen so far."""

    def __init__(self, transactions: int) -> None:
        self.of: NDArray[np.uint32] = np.zeros(transactions, dtype=np.uint32)
        # Working copy of `of` for walks, indexed by position; valid only during a walk.
        self._walked: list[int] = []

    def deepen(self, chunk: EdgeChunk) -> None:
        """Raise each later transaction above its earlier one. Takes all chunks, in order."""
        first, last = chunk.earlier_listed[0], chunk.earlier_listed[-1]
        reach = int(chunk.later.max())
        if 2 * len(chunk.later) > last - first and reach - last <= (last - first) // NEAR_PART:
            self._walk(chunk.earlier_listed, chunk.later_listed, first, reach)
            return
        ends_inside = chunk.later <= last
        inside = np.flatnonzero(ends_inside)
        crowd = max(len(ends_inside), last - first)
        if 8 * len(inside) > 7 * crowd:
            # The few edges that leave the range do no harm: their results are discarded.
            self._walk(chunk.earlier_listed, chunk.later_listed, first, last)
        else:
            earlier, later = chunk.earlier.take(inside), chunk.later.take(inside)
            walks = last - first <= SHORT_RANGE or 2 * len(inside) > crowd
            if walks or not self._settle(earlier, later):
                self._walk(earlier.tolist(), later.tolist(), first, last)
        beyond = np.flatnonzero(~ends_inside)
        levels = self.of.take(chunk.earlier.take(beyond))
        levels += 1
        np.maximum.at(self.of, chunk.later.take(beyond), levels)

    def _settle(self, earlier: NDArray[np.uint32], later: NDArray[np.uint32]) -> bool:
        """Apply all edges at once until nothing changes; False if PASSES_MAX is not enough."""
        for _ in range(PASSES_MAX):
            levels = self.of.take(earlier)
            levels += 1
            short = np.flatnonzero(self.of.take(later) < levels)
            if len(short) == 0:
                return True
            np.maximum.at(self.of, later.take(short), levels.take(short))
        return False

    def _walk(self, earlier: list[int], later: list[int], first: int, last: int) -> None:
        """Apply one edge at a time: indexing a list is several times as fast as an array."""
        if not self._walked:
            self._walked = [0] * len(self.of)
        walked = self._walked
        window = slice(first, last + 1)
        walked[window] = self.of[window].tolist()
        for above, below in zip(earlier, later, strict=True):
            level = walked[above]
            if level >= walked[below]:
                walked[below] = level + 1
        self.of[window] = array("L", walked[window])
        # The integers are freed for the next chunk to use while they are in the cache.
        walked[window] = [0] * (last + 1 - first)
