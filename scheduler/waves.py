"""Waves: the levels of the DAG. No two transactions of a wave conflict.

A transaction's wave is the number of edges on the longest path that leads to it. They are equal
to rustworkx's `topological_generations`, each sorted by block position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
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
    def from_levels(cls, levels: NDArray[np.uint32]) -> Waves:
        """The waves of transactions whose longest paths have these lengths; not copied."""
        bits = max(1, (len(levels) - 1).bit_length())
        keys = levels.astype(np.int64)
        keys <<= bits
        keys |= np.arange(len(levels))
        keys.sort()
        keys &= (1 << bits) - 1
        offsets = np.concatenate(([0], np.cumsum(np.bincount(levels))))
        return cls(keys.astype(np.uint32), offsets, levels)

    def __len__(self) -> int:
        """The number of waves."""
        return len(self.offsets) - 1

    def __repr__(self) -> str:
        return f"<Waves: {len(self):,} of {len(self.order):,} transactions>"

    def __getitem__(self, wave: int) -> NDArray[np.uint32]:
        """The positions in one wave. Raises IndexError."""
        if not 0 <= wave < len(self):
            raise IndexError(f"no wave {wave} among {len(self)}")
        return self.order[self.offsets[wave] : self.offsets[wave + 1]]

    def __iter__(self) -> Iterator[NDArray[np.uint32]]:
        return (self[wave] for wave in range(len(self)))
