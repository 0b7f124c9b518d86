"""Long-lived arrays in huge pages: the columns of the committed state.

Each large array gets its own mapping, in huge pages where the system has them. So the memory of an
array that is replaced by a larger one is returned to the system, temporary arrays do not leave
holes between long-lived ones, and random access to rows causes fewer TLB misses.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

MAPPED_LEN_MIN: Final = 1 << 20  # bytes; smaller arrays are left to numpy
_HUGE_PAGES: Final[int | None] = getattr(mmap, "MADV_HUGEPAGE", None)


def huge_page_zeros(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """An array of zeros that takes no memory until it is written. Private to this process.

    Raises MemoryError.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < MAPPED_LEN_MIN:
        return np.zeros(shape, dtype=dtype)
    try:
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"{size:,} bytes for accounts") from error
    if _HUGE_PAGES is not None:
        with suppress(OSError):  # a kernel without huge pages
            memory.madvise(_HUGE_PAGES)
    return np.ndarray(shape, dtype, memory)
