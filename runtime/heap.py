"""Data of many accounts in one heap: bytes, each account's from a multiple of 8 on.

Moved in whole words, all accounts of one size at once. Guarantees: what lies behind data up to the
next multiple of 8 is moved with it, so zeros there stay zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

HEAP_ALIGNMENT: Final = 8
# Bytes that a size must have on average for a step of its own; below, each word is indexed.
_SIZE_LEN_MIN: Final = 8_000

Heap = NDArray[np.uint8]
Places = NDArray[np.int64]


def padded_lens(lens: Places) -> Places:
    """The room that data of these lengths takes."""
    return (lens + (HEAP_ALIGNMENT - 1)) & ~np.int64(HEAP_ALIGNMENT - 1)


def starts_of(lens: Places) -> Places:
    """Where data of these lengths starts, laid one behind the other, aligned."""
    starts = np.zeros(len(lens), dtype=np.int64)
    np.cumsum(padded_lens(lens[:-1]), out=starts[1:])
    return starts


def gather(heap: Heap, starts: Places, lens: Places) -> Heap:
    """A new heap of the data at these places, one behind the other, aligned."""
    held = np.flatnonzero(lens)
    if len(held) < len(lens):
        starts, lens = starts[held], lens[held]
    if not len(held):
        return np.zeros(0, dtype=np.uint8)
    room = padded_lens(lens)
    if room.min() == room.max():
        return _items(heap, int(room[0]))[starts // HEAP_ALIGNMENT].view(np.uint8)
    gathered = np.empty(int(room.sum()), dtype=np.uint8)
    scatter(heap, starts, gathered, starts_of(lens), lens)
    return gathered


def scatter(source: Heap, sources: Places, target: Heap, targets: Places, lens: Places) -> None:
    """Copy data of these lengths to other places, which do not overlap."""
    for size, rows, offsets in _pieces(lens):
        moved = _items_at(source, size, sources[rows] + offsets)
        _items(target, size)[(targets[rows] + offsets) // HEAP_ALIGNMENT] = moved


def differing(a: Heap, b: Heap, starts: Places, lens: Places) -> NDArray[np.bool_]:
    """bool[n]: whether the data at these places is another in the one heap than in the other."""
    differs = np.zeros(len(starts), dtype=np.bool_)
    for size, rows, offsets in _pieces(lens):
        places = starts[rows] + offsets
        left, right = (_items_at(heap, size, places).view(np.uint64) for heap in (a, b))
        # Few words differ, if any: finding those is faster than asking each account.
        differs[rows[np.flatnonzero(left != right) // (size // HEAP_ALIGNMENT)]] = True
    return differs


def joined(heap: Heap, starts: Places, lens: Places) -> bytes:
    """The data at these places, one behind the other, without padding."""
    gathered = gather(heap, starts, lens)
    lens = lens[lens > 0]
    if not len(lens):
        return b""
    room = padded_lens(lens)
    if lens.min() == lens.max():
        return gathered.reshape(len(lens), int(room[0]))[:, : int(lens[0])].tobytes()
    raw, firsts = gathered.data, np.cumsum(room) - room
    places = zip(firsts.tolist(), lens.tolist(), strict=True)
    return b"".join([raw[first : first + size] for first, size in places])


def _pieces(lens: Places) -> Iterator[tuple[int, Places, Places]]:
    """Data of these lengths as pieces of equal size: size, rows, offset of each piece in its row.

    One piece for each row and a step for each size; or, where that would be many steps for little
    data, a piece for each word.
    """
    held = np.flatnonzero(lens)
    room = padded_lens(lens[held])
    total = int(room.sum())
    if total >= _SIZE_LEN_MIN:
        sizes = np.unique(room)
        if total >= _SIZE_LEN_MIN * len(sizes):
            for size in sizes.tolist():
                rows = held[room == size]
                yield size, rows, np.zeros(1, dtype=np.int64)
            return
    if total:
        counts = room // HEAP_ALIGNMENT
        firsts = np.cumsum(room) - room
        offsets = np.arange(0, total, HEAP_ALIGNMENT) - np.repeat(firsts, counts)
        yield HEAP_ALIGNMENT, np.repeat(held, counts), offsets


def _items_at(heap: Heap, size: int, starts: Places) -> NDArray[Any]:
    """The items of `size` bytes that start there: a copy, or the heap itself where they follow
    each other."""
    if (np.diff(starts) == size).all():
        return heap[int(starts[0]) : int(starts[-1]) + size].view(np.dtype((np.void, size)))
    return _items(heap, size)[starts // HEAP_ALIGNMENT]


def _items(heap: Heap, size: int) -> NDArray[Any]:
    """The heap as overlapping items of `size` bytes, one from each multiple of 8 on.

    An item of one dtype is copied at once, where so many words take numpy twice as long.
    """
    count = (len(heap) - size) // HEAP_ALIGNMENT + 1
    return np.ndarray((count,), np.dtype((np.void, size)), heap, 0, (HEAP_ALIGNMENT,))
