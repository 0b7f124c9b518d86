"""The memory that a block is packed into, reused for the next one.

Workers map it once, not once per block: creating, filling and mapping new segments took longer than
executing a small block. It grows when a block needs more, and is released if it is far too large.
Guarantees: the file of a shared arena is unlinked before anything is packed into it, so that no
other process can remove or resize it. Does not: preserve content from one block to the next.
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

# The most bytes to keep for the next block.
_KEPT_LEN_MAX: Final = 256 * 1024 * 1024
_SPARE: Final = 0.5

# Tells all workers the path and size of a new segment; None if there no longer is one.
Announce = Callable[[tuple[Path, int] | None], None]


class Arena:
    """Memory for one block at a time.

    `folder`: where its segment is created. `announce`: makes all workers map it, and returns when
    they have. Without these two, the memory is private to this process.
    """

    def __init__(
        self, folder: SegmentFolder | None = None, announce: Announce | None = None
    ) -> None:
        self._folder = folder
        self._announce = announce
        self._memory: mmap.mmap | None = None
        self._used = 0
        self._made = 0
        self.progress = empty_progress(0)  # of all possible lanes; see progress.py

    def begin(self, *parts: Mapping[str, NDArray[Any]]) -> None:
        """Make room for these columns, discarding what was packed before.

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
        """Copy columns into the arena; returns their places and the copies."""
        if self._memory is None:
            raise ValueError("columns are packed into an arena that was not begun")
        places, packed, self._used = pack_columns(columns, self._memory, self._used)
        return places, packed

    def end(self) -> None:
        """The block is done: release the memory if it is too large to keep."""
        if self._memory is not None and len(self._memory) > _KEPT_LEN_MAX:
            self.drop()
            if self._announce is not None:
                self._announce(None)

    def drop(self) -> None:
        """Release the memory, as after a failure: no worker will see it again."""
        self._memory = None
        self.progress = empty_progress(0)

    def _make(self, size: int) -> mmap.mmap:
        """New memory, larger than `size` if there is room for that."""
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
