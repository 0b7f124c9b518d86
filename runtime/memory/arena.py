"""The memory that a block is packed into, used again for the next one.

Workers map it once, not once a block: making, filling and mapping new segments took longer than a
small block. It grows when a block needs more, and what is far too large is let go of.
Guarantees: a shared arena has lost its name before anything is packed into it, so that nobody else
can remove or resize it. Does not: keep anything from one block to the next.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from ...primitives import OutOfMemory, SharedMemoryFull
from ..columns.shared_columns import ColumnPlaces, Columns, pack_columns, packed_len
from .progress import IDLE, PROGRESS_LEN, empty_progress, progress_at
from .segment import SegmentFolder

# What is kept for the next block, at most.
_KEPT_LEN_MAX: Final = 256 * 1024 * 1024
_SPARE: Final = 0.5

# Tells all workers where a new segment is, and how large; None when there is none any more.
Announce = Callable[[tuple[Path, int] | None], None]


class Arena:
    """Room for one block at a time.

    `folder` is where it is shared from, and `announce` has workers map it and returns when all
    have. Without them it is this process's own.
    """

    def __init__(
        self, folder: SegmentFolder | None = None, announce: Announce | None = None
    ) -> None:
        self._folder = folder
        self._announce = announce
        self._memory: mmap.mmap | None = None
        self._used = 0
        self._made = 0
        self.progress = empty_progress(0)  # of all lanes there may be; see progress.py

    def begin(self, *parts: Mapping[str, NDArray[Any]]) -> None:
        """Make room for these columns; what was packed before is given up.

        Raises SharedMemoryFull, OutOfMemory, SegmentLost, and what `announce` raises.
        """
        size = PROGRESS_LEN + sum(map(packed_len, parts))
        self._used = PROGRESS_LEN
        if self._memory is None or len(self._memory) < size:
            self._memory = None
            self._memory = self._make(size)
            self.progress = progress_at(self._memory)
        self.progress.fill(IDLE)

    def pack(self, columns: Mapping[str, NDArray[Any]]) -> tuple[ColumnPlaces, Columns]:
        """Copy columns into the room made; returns where they are, and the copies."""
        if self._memory is None:
            raise ValueError("columns are packed into an arena that was not begun")
        places, packed, self._used = pack_columns(columns, self._memory, self._used)
        return places, packed

    def end(self) -> None:
        """The block is done: let go of what is too large to be kept."""
        if self._memory is not None and len(self._memory) > _KEPT_LEN_MAX:
            self.drop()
            if self._announce is not None:
                self._announce(None)

    def drop(self) -> None:
        """Give the memory up, as after a failure: no worker will see it again."""
        self._memory = None
        self.progress = empty_progress(0)

    def _make(self, size: int) -> mmap.mmap:
        """New memory, with some to spare if there is room for it."""
        try:
            return self._make_exactly(size + int(size * _SPARE))
        except (SharedMemoryFull, OutOfMemory, MemoryError, OSError):
            return self._make_exactly(size)

    def _make_exactly(self, size: int) -> mmap.mmap:
        size = -(-max(size, 1) // mmap.PAGESIZE) * mmap.PAGESIZE
        if self._folder is None or self._announce is None:
            return mmap.mmap(-1, size)
        self._made += 1
        name = f"arena-{self._made}"
        memory = self._folder.create(name, size)
        try:
            self._announce((self._folder.path / name, size))
        finally:
            self._folder.remove(name)
        return memory
