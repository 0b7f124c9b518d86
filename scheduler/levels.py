"""Levels: the longest path to each transaction, in edges, found while the edges come by.

Edges come sorted by their earlier end, and every edge into a transaction comes from below it;
so whatever chunk an edge is in, the level of its earlier end can be final before it is used.
Edges that end beyond the chunk's earlier ends wait until all of these are final, and numpy takes
them at once. Of those that end inside, some must follow others.

Guarantees: final for all positions below the next chunk's first; O(transactions + edges).
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from .edges import EdgeChunk

# Each pass of numpy takes a tenth of the time of walking edge by edge in Python. Where accounts
# are many, three or four settle a chunk; where they are few, hundreds would not.
PASSES_MAX = 8
# A range of so few transactions is walked before numpy has made two passes.
SHORT_RANGE = 256
# A dense chunk is walked whole where its edges end beyond by no more than this part of its range.
NEAR_PART = 8


class Levels:
    """`of` uint32[n]: the level of each position, as far as the edges so far tell."""

    def __init__(self, transactions: int) -> None:
        self.of: NDArray[np.uint32] = np.zeros(transactions, dtype=np.uint32)
        # Where a chunk is walked: indexed by position as well, but current only within a walk.
        self._walked: list[int] = []

    def deepen(self, chunk: EdgeChunk) -> None:
        """Put each later transaction below its earlier one. All chunks, in order."""
        first, last = chunk.earlier_listed[0], chunk.earlier_listed[-1]
        reach = int(chunk.later.max())
        if 2 * len(chunk.later) > last - first and reach - last <= (last - first) // NEAR_PART:
            self._walk(chunk.earlier_listed, chunk.later_listed, first, reach)
            return
        ends_inside = chunk.later <= last
        inside = np.flatnonzero(ends_inside)
        crowd = max(len(ends_inside), last - first)
        if 8 * len(inside) > 7 * crowd:
            # The few that end beyond do no harm: what the walk makes of them is not kept.
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
        """All edges at once, again and again; whether that came to an end."""
        for _ in range(PASSES_MAX):
            levels = self.of.take(earlier)
            levels += 1
            short = np.flatnonzero(self.of.take(later) < levels)
            if len(short) == 0:
                return True
            np.maximum.at(self.of, later.take(short), levels.take(short))
        return False

    def _walk(self, earlier: list[int], later: list[int], first: int, last: int) -> None:
        """One edge after another: a list is several times as fast to index as an array."""
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
