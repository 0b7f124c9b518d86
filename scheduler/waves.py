"""Waves: the levels of the DAG. No two transactions of a wave conflict.

A transaction's wave is the number of edges on the longest path that leads to it. These are
rustworkx's `topological_generations`, each sorted by block position.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, MutableSequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Measured between 2,048 and 16,384: small enough for a block's levels to stay in the cache, and
# large enough to spread the cost of the numpy calls.
EDGES_PER_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Waves:
    """All waves of a block. Iterating gives each as uint32[], ascending block positions.

    `order` uint32[n]: positions, wave after wave.
    `offsets` int64[w+1]: wave k is order[offsets[k]:offsets[k+1]]; no wave is empty.
    `wave_of` uint32[n]: the wave of each position.
    """

    order: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    wave_of: NDArray[np.uint32]

    @classmethod
    def from_edges(cls, edges: NDArray[np.uint32], transactions: int) -> Waves:
        """The waves of `transactions` nodes; edges [k, 2] as `conflict_edges` gives them."""
        wave_of = _levels(edges, transactions)
        bits = max(1, (transactions - 1).bit_length())
        keys = wave_of.astype(np.int64) << bits
        keys |= np.arange(transactions)
        keys.sort()
        keys &= (1 << bits) - 1
        offsets = np.concatenate(([0], np.cumsum(np.bincount(wave_of))))
        return cls(keys.astype(np.uint32), offsets, wave_of)

    def __len__(self) -> int:
        """The number of waves."""
        return len(self.offsets) - 1

    def __getitem__(self, wave: int) -> NDArray[np.uint32]:
        """The positions in one wave. Raises IndexError."""
        if not 0 <= wave < len(self):
            raise IndexError(f"no wave {wave} among {len(self)}")
        return self.order[self.offsets[wave] : self.offsets[wave + 1]]

    def __iter__(self) -> Iterator[NDArray[np.uint32]]:
        return (self[wave] for wave in range(len(self)))


def _levels(edges: NDArray[np.uint32], transactions: int) -> NDArray[np.uint32]:
    """The longest path to each transaction, in edges.

    Edges are sorted by their earlier end, and every edge into a transaction comes from below
    it; so whatever block an edge is in, the level of its earlier end can be final before the
    edge is used. Edges that end within the range where the block's edges start must go one by
    one, ascending. The others end beyond that range: nothing in the block depends on them,
    and numpy takes them at once. Pure Python over all edges took up to three times as long.
    """
    cells = array("I", bytes(4 * transactions))
    levels = np.frombuffer(cells, dtype=np.uint32)
    for start in range(0, len(edges), EDGES_PER_BLOCK):
        earlier, later = edges[start : start + EDGES_PER_BLOCK].T
        first, last = int(earlier[0]), int(earlier[-1])
        within = later <= last
        _deepen(cells, levels, earlier[within], later[within], first, last)
        beyond = ~within
        np.maximum.at(levels, later[beyond], levels[earlier[beyond]] + np.uint32(1))
    return levels


def _deepen(
    cells: array[int],
    levels: NDArray[np.uint32],
    earlier: NDArray[np.uint32],
    later: NDArray[np.uint32],
    first: int,
    last: int,
) -> None:
    """Put each later transaction below its earlier one; `cells` and `levels` are one memory."""
    # A list is the faster to index, but worth copying in and out only where edges are dense.
    dense = len(earlier) * 4 > last - first
    base = first if dense else 0
    copied: list[int] = levels[first : last + 1].tolist() if dense else []
    window: MutableSequence[int] = copied if dense else cells
    tops: list[int] = (earlier - base).tolist()
    bottoms: list[int] = (later - base).tolist()
    for above, below in zip(tops, bottoms, strict=True):
        level = window[above] + 1
        if level > window[below]:
            window[below] = level
    if dense:
        levels[first : last + 1] = copied
