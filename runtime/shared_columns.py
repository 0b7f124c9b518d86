"""Arrays laid one behind the other into a segment, and found again by another process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from .segment import SegmentFolder, attach_segment

_ALIGNMENT: Final = 64  # a cache line: two columns never share one


class ColumnPlace(NamedTuple):
    """Where one array lies in a segment."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int


class SharedColumns(NamedTuple):
    """What another process needs to find the arrays. Small and picklable."""

    path: Path
    places: tuple[ColumnPlace, ...]
    size: int  # bytes


Columns = dict[str, NDArray[Any]]


def share_columns(
    folder: SegmentFolder, name: str, columns: Mapping[str, NDArray[Any]]
) -> tuple[SharedColumns, Columns]:
    """Copy arrays into a new segment; returns how to find them, and the shared copies."""
    places: list[ColumnPlace] = []
    size = 0
    for column_name, column in columns.items():
        places.append(ColumnPlace(column_name, column.dtype.str, column.shape, size))
        size += -(-column.nbytes // _ALIGNMENT) * _ALIGNMENT
    memory = folder.create(name, size)
    shared = SharedColumns(folder.path / name, tuple(places), size)
    arrays = _arrays(memory, shared)
    for column_name, column in columns.items():
        arrays[column_name][...] = column
    return shared, arrays


def attach_columns(shared: SharedColumns) -> Columns:
    """The arrays in a segment that another process laid there; writable. Raises SegmentLost."""
    return _arrays(attach_segment(shared.path, shared.size), shared)


def scalar_view(column: NDArray[Any]) -> memoryview:
    """The column as a memoryview: reading one item gives a Python int, and faster than numpy."""
    return memoryview(cast(Any, column))


def _arrays(memory: Any, shared: SharedColumns) -> Columns:
    return {
        place.name: np.ndarray(place.shape, np.dtype(place.dtype), memory, place.offset)
        for place in shared.places
    }
