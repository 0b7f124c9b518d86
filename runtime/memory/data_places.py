"""Where the data of a group's accounts lies in the first heap; reads and writes it vectorized."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..columns.heap import HEAP_ALIGNMENT
from ..columns.ragged import rows_of

_WORD: Final = HEAP_ALIGNMENT

RowChoice = NDArray[np.bool_] | slice  # those that are True, or all


class DataPlaces:
    """n places. `starts` int64[n]: where in `heap` each account's data starts; one that lies
    elsewhere is not `reachable` bool[n], and what is read of it is junk."""

    def __init__(self, heap: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._heap = heap
        self.reachable = starts < len(heap)
        # Junk must lie in the heap, too.
        self._starts = starts if self.reachable.all() else np.where(self.reachable, starts, 0)

    @cached_property
    def _last_start(self) -> int:
        return int(self._starts.max(initial=0))

    def _at(self, offset: int, size: int) -> NDArray[np.int64]:
        """Where the bytes lie; clipped where the heap ends before."""
        places = self._starts + offset if offset else self._starts
        last = len(self._heap) - size
        if self._last_start + offset <= last:
            return places
        return np.minimum(places, last // _WORD * _WORD)

    def read(self, offset: int, size: int) -> NDArray[np.uint8]:
        """uint8[n, size]: bytes of each account's data; junk where it does not reach so far."""
        heap = self._heap
        if len(heap) < size:
            return np.zeros((len(self._starts), size), dtype=np.uint8)
        places = self._at(offset, size)
        if size == 1:
            return heap.take(places)[:, None]
        if offset % _WORD or size % _WORD:
            return rows_of(heap, places, size)
        words: NDArray[Any] = heap.view(np.uint64)
        if size == _WORD:
            return words.take(places // _WORD)[:, None].view(np.uint8)
        return rows_of(words, places // _WORD, size // _WORD).view(np.uint8)

    def write(self, rows: RowChoice, offset: int, content: NDArray[np.uint8]) -> None:
        """Write these rows of uint8[n, size] there; their data must reach so far."""
        size = content.shape[1]
        places, content = self._at(offset, size)[rows], content[rows]
        if size % _WORD == 0 and offset % _WORD == 0:
            words = np.ascontiguousarray(content).view(np.uint64)
            for k in range(size // _WORD):
                self._heap.view(np.uint64)[places // _WORD + k] = words[:, k]
        else:
            self._heap[places[:, None] + np.arange(size)] = content
