"""Ragged rows, stored contiguously in flat columns: their offsets, and taking many at once."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray


def rows_of(column: NDArray[Any], starts: NDArray[np.int64], width: int) -> NDArray[Any]:
    """[n, width]: `width` consecutive items of a flat column, beginning at each start."""
    count = len(column) - width + 1
    if width == 0 or count < 1:
        return np.empty((len(starts), width), dtype=column.dtype)
    flat = np.ascontiguousarray(column)
    # Each row is one item of an overlapping view: numpy copies such items three times as fast as
    # rows of a sliding_window_view.
    whole = np.dtype((np.void, width * flat.itemsize))
    windows: NDArray[Any] = np.ndarray((count,), whole, cast(Any, flat), strides=(flat.itemsize,))
    return windows[starts].view(flat.dtype).reshape(len(starts), width)


def offsets_of(lens: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[n+1]: where each of n rows of these lengths begins, and the end of the last one."""
    offsets = np.zeros(len(lens) + 1, dtype=np.int64)
    lens.cumsum(out=offsets[1:])
    return offsets


def take_keys(keys: NDArray[np.uint8], rows: NDArray[Any]) -> NDArray[np.uint8]:
    """keys[rows] of a uint8[n, 32]. Copies words, which is twenty times as fast as bytes."""
    # An array that was stacked from single rows may be in column-major order.
    return np.take(np.ascontiguousarray(keys).view(np.uint64), rows, axis=0).view(np.uint8)
