"""Arrays stored contiguously in memory, and found there again by another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

_ALIGNMENT: Final = 64  # a cache line: two columns never share one

Columns = dict[str, NDArray[Any]]

# Where arrays lie in memory: name, dtype, shape and offset of each. Plain tuples are sent in a
# third of the time that named ones take.
ColumnPlaces = tuple[tuple[str, str, tuple[int, ...], int], ...]


def packed_len(columns: Mapping[str, NDArray[Any]]) -> int:
    """How many bytes these arrays take."""
    return sum(-(-column.nbytes // _ALIGNMENT) * _ALIGNMENT for column in columns.values())


def pack_columns(
    columns: Mapping[str, NDArray[Any]], memory: Any, offset: int = 0
) -> tuple[ColumnPlaces, Columns, int]:
    """Copy arrays into memory from `offset` on, a multiple of 64.

    Returns where they are, the copies, and the offset behind them.
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
    """The arrays that lie there; writable."""
    return {name: np.ndarray(shape, dtype, memory, offset) for name, dtype, shape, offset in places}


def scalar_view(column: NDArray[Any]) -> memoryview:
    """The column as a memoryview: reading one item gives a Python int, and faster than numpy."""
    return memoryview(cast(Any, column))
