"""The data of many accounts in one heap of bytes, each account's data aligned to 8.

Data is moved in whole words, all accounts of one size at once. Guarantees: the padding up to the
next multiple of 8 is moved along, so zeros there stay zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .two_threads import run_slices

HEAP_ALIGNMENT: Final = 8
# If each size has fewer bytes than this on average, words are indexed one by one.
_SIZE_LEN_MIN: Final = 8_000

# Bytes moved at a time: few enough to stay in the cache, enough to make a second thread pay.
_STEP_LEN: Final = 1 << 19

Heap = NDArray[np.uint8]
Items = NDArray[Any]
Places = NDArray[np.int64]


def padded_lens(lens: Places) -> Places:
    """The lengths rounded up to a multiple of 8."""
    return (lens + (HEAP_ALIGNMENT - 1)) & ~np.int64(HEAP_ALIGNMENT - 1)


def starts_of(lens: Places) -> Places:
    """The start of each account's data, if it is stored contiguously and aligned."""
    starts = np.zeros(len(lens), dtype=np.int64)
    np.cumsum(padded_lens(lens[:-1]), out=starts[1:])
    return starts


def gather(heap: Heap, starts: Places, lens: Places) -> Heap:
    """A new heap with the data from these places, stored contiguously and aligned."""
    held = np.flatnonzero(lens)
    if len(held) < len(lens):
        starts, lens = starts[held], lens[held]
    if not len(held):
        return np.zeros(0, dtype=np.uint8)
    room = padded_lens(lens)
    if room.min() == room.max():
        return _gather_items(heap, int(room[0]), starts)
    gathered = np.empty(int(room.sum()), dtype=np.uint8)
    scatter(heap, starts, gathered, starts_of(lens), lens)
    return gathered


def scatter(source: Heap, sources: Places, target: Heap, targets: Places, lens: Places) -> None:
    """Copy data of these lengths to places in `target`, which must not overlap."""
    for size, rows, offsets in _chunks(lens):
        from_items, to_items = _items(source, size), _items(target, size)
        froms = (sources[rows] + offsets) // HEAP_ALIGNMENT
        tos = (targets[rows] + offsets) // HEAP_ALIGNMENT
        run_slices(partial(_move, from_items, froms, to_items, tos), len(froms), _step(size))


def differing(a: Heap, b: Heap, starts: Places, lens: Places) -> NDArray[np.bool_]:
    """bool[n]: whether the data at each of these places differs between the two heaps."""
    differs = np.zeros(len(starts), dtype=np.bool_)
    for size, rows, offsets in _chunks(lens):
        firsts = (starts[rows] + offsets) // HEAP_ALIGNMENT
        compare = partial(_compare, _items(a, size), _items(b, size), firsts, rows, differs)
        run_slices(compare, len(rows), _step(size))
    return differs


def joined(heap: Heap, starts: Places, lens: Places) -> bytes:
    """The data from these places, contiguous and without padding."""
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


def _chunks(lens: Places) -> Iterator[tuple[int, Places, Places]]:
    """Divide data of these lengths into sets of chunks of equal size. Yields the size, the rows,
    and the offset of each chunk in its row.

    One chunk for each row, and one set for each size; or, if that would make many small sets, one
    chunk for each word.
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


def _move(source: Items, froms: Places, target: Items, tos: Places, part: slice) -> None:
    target[tos[part]] = source[froms[part]]


def _compare(
    a: Items, b: Items, firsts: Places, rows: Places, differs: NDArray[np.bool_], part: slice
) -> None:
    at = firsts[part]
    unlike = a[at].view(np.uint64) != b[at].view(np.uint64)
    # Few words differ, if any: finding them is faster than reducing over each account.
    differs[rows[part][np.flatnonzero(unlike) // (a.itemsize // HEAP_ALIGNMENT)]] = True


def _gather_items(heap: Heap, size: int, starts: Places) -> Heap:
    items, firsts = _items(heap, size), starts // HEAP_ALIGNMENT
    gathered = np.empty(len(starts), dtype=items.dtype)

    def take(part: slice) -> None:
        gathered[part] = items[firsts[part]]

    run_slices(take, len(starts), _step(size))
    return gathered.view(np.uint8)


def _step(size: int) -> int:
    """The number of items of this size to move at a time."""
    return max(1, _STEP_LEN // size)


def _items(heap: Heap, size: int) -> Items:
    """The heap as overlapping items of `size` bytes, one starting at each multiple of 8.

    numpy copies one item twice as fast as the same bytes as separate words.
    """
    count = (len(heap) - size) // HEAP_ALIGNMENT + 1
    return np.ndarray((count,), np.dtype((np.void, size)), heap, 0, (HEAP_ALIGNMENT,))
