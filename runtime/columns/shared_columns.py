"""Packs arrays into memory in a form in which another process can find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

_ALIGNMENT: Final = 64  # a cache line: two columns never share one

Columns = dict[str, NDArray[Any]]

# Where arrays are in memory: name, dtype, shape and offset of each. Pickling plain tuples takes a
# third of the time of named ones.
ColumnPlaces = tuple[tuple[str, str, tuple[int, ...], int], ...]


def packed_len(columns: Mapping[str, NDArray[Any]]) -> int:
    """The number of bytes that these arrays take when packed."""
    return sum(-(-column.nbytes // _ALIGNMENT) * _ALIGNMENT for column in columns.values())


def pack_columns(
    columns: Mapping[str, NDArray[Any]], memory: Any, offset: int = 0
) -> tuple[ColumnPlaces, Columns, int]:
    """Copy arrays into memory, beginning at `offset`, a multiple of 64.

    Returns their places, the copies, and the offset after the last one.
    """
    places: list[tuple[str, str, tuple[int, ...], int]] = []
    packed: Columns = {}
    for name, column in columns.items():
        places.append((name, column.dtype.str, column.shape, offset))
        packed[name] = copy = np.ndarray(column.shape, column.dtype, memory, offset)
        copy[...] = column
        offset += -(-column.nbytes // _ALIGNMENT) * _ALIGNMENT
    return tuple(places), packed, offset


def columns_at(memory: Any, places: ColumnPlaces) -> Columns:
    """The arrays at these places, writable."""
    return {name: np.ndarray(shape, dtype, memory, offset) for name, dtype, shape, offset in places}


def scalar_view(column: NDArray[Any]) -> memoryview:
    """The column as a memoryview: reading one item returns an int, and is faster than in numpy."""
    return memoryview(cast(Any, column))
