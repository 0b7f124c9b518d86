"""Memory that blocks are packed into: what is packed is found, and workers know where."""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sealane import SharedMemoryFull
from sealane.runtime.columns.shared_columns import columns_at
from sealane.runtime.memory.arena import Arena
from sealane.runtime.memory.progress import PROGRESS_LEN
from sealane.runtime.memory.segment import SegmentFolder, attach_segment

COLUMNS = {
    "empty": np.zeros(0, dtype=np.uint8),
    "bools": np.array([True, False]),
    "table": np.arange(6, dtype=np.uint64).reshape(2, 3),
    "last": np.zeros((0, 32), dtype=np.uint8),
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[SegmentFolder]:
    with SegmentFolder(tmp_path) as folder:
        yield folder


class Workers:
    """Stands in for the workers of an arena: records and maps the segments announced."""

    def __init__(self) -> None:
        self.told: list[int | None] = []
        self.memory: object = None

    def map_memory(self, segment: tuple[Path, int] | None) -> None:
        self.told.append(None if segment is None else segment[1])
        self.memory = None if segment is None else attach_segment(*segment)


def test_packed_columns_can_be_read_back(folder: SegmentFolder) -> None:
    workers = Workers()
    arena = Arena(folder, workers.map_memory)
    more = {"table": np.full(9, 7, dtype=np.int16)}
    arena.begin(COLUMNS, more)
    for columns in (COLUMNS, more):
        places, ours = arena.pack(columns)
        theirs = columns_at(workers.memory, places)
        for name, column in columns.items():
            assert np.array_equal(theirs[name], column)
            assert theirs[name].dtype == column.dtype
            theirs[name][...] = 1
            assert np.array_equal(ours[name], theirs[name])
    assert COLUMNS["table"][1, 2] == 5
    assert not list(folder.path.iterdir())  # nobody else can find it


def test_memory_is_reused_while_it_is_large_enough(folder: SegmentFolder) -> None:
    workers = Workers()
    arena = Arena(folder, workers.map_memory)
    for length in (1000, 10, 1000, 100_000, 100_000):
        arena.begin({"bytes": np.zeros(length, dtype=np.uint8)})
        arena.pack({"bytes": np.zeros(length, dtype=np.uint8)})
        arena.end()
    assert len(workers.told) == 2


def test_a_failure_discards_the_memory(folder: SegmentFolder) -> None:
    workers = Workers()
    arena = Arena(folder, workers.map_memory)
    for _ in range(2):
        arena.begin(COLUMNS)
        arena.drop()
    assert len(workers.told) == 2
    with pytest.raises(ValueError, match="not begun"):
        arena.pack(COLUMNS)


def test_far_too_large_memory_is_released(folder: SegmentFolder) -> None:
    workers = Workers()
    arena = Arena(folder, workers.map_memory)
    arena.begin({"bytes": np.zeros(300 * 1024**2, dtype=np.uint8)})
    arena.end()
    assert workers.told[1:] == [None]
    arena.begin(COLUMNS)
    assert len(arena.pack(COLUMNS)[1]) == len(COLUMNS)


def test_without_spare_room_it_takes_only_what_it_needs(
    folder: SegmentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve = os.posix_fallocate
    limit = -(-(1024**2 + PROGRESS_LEN) // mmap.PAGESIZE) * mmap.PAGESIZE

    def small(descriptor: int, offset: int, size: int) -> None:
        if size > limit:
            raise OSError(errno.ENOSPC, "no room")
        reserve(descriptor, offset, size)

    monkeypatch.setattr(os, "posix_fallocate", small)
    arena = Arena(folder, Workers().map_memory)
    arena.begin({"bytes": np.zeros(1024**2, dtype=np.uint8)})
    with pytest.raises(SharedMemoryFull) as caught:
        arena.begin({"bytes": np.zeros(1024**2 + mmap.PAGESIZE, dtype=np.uint8)})
    assert caught.value.needed == limit + mmap.PAGESIZE
    assert not list(folder.path.iterdir())


def test_a_single_process_needs_no_folder() -> None:
    arena = Arena()
    arena.begin(COLUMNS)
    _, packed = arena.pack(COLUMNS)
    assert all(np.array_equal(packed[name], column) for name, column in COLUMNS.items())
    arena.end()
