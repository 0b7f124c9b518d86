"""The places of a group's account data in heap 0, with vectorized reads and writes."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..columns.data_heap import HEAP_ALIGNMENT
from ..columns.ragged import rows_of

_WORD: Final = HEAP_ALIGNMENT

RowChoice = NDArray[np.bool_] | slice  # the rows that are True, or all


class DataPlaces:
    """n places. `starts` int64[n]: where each account's data starts in `heap`. Data in another heap
    is not `reachable` bool[n], and reading it gives junk."""

    def __init__(self, heap: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._heap = heap
        self.reachable = starts < len(heap)
        # Even for junk, the place must be within the heap.
        self._starts = starts if self.reachable.all() else np.where(self.reachable, starts, 0)

    @cached_property
    def _last_start(self) -> int:
        return int(self._starts.max(initial=0))

    def _at(self, offset: int, size: int) -> NDArray[np.int64]:
        """The offset of the bytes in the heap, clipped so that they end within it."""
        places = self._starts + offset if offset else self._starts
        last = len(self._heap) - size
        if self._last_start + offset <= last:
            return places
        return np.minimum(places, last // _WORD * _WORD)

    def read(self, offset: int, size: int) -> NDArray[np.uint8]:
        """uint8[n, size]: bytes of each account's data; junk where it is too short."""
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
        """Write these rows of `content` uint8[n, size]; their data must be long enough."""
        size = content.shape[1]
        places, content = self._at(offset, size)[rows], content[rows]
        if size % _WORD == 0 and offset % _WORD == 0:
            words = np.ascontiguousarray(content).view(np.uint64)
            for k in range(size // _WORD):
                self._heap.view(np.uint64)[places // _WORD + k] = words[:, k]
        else:
            self._heap[places[:, None] + np.arange(size)] = content
