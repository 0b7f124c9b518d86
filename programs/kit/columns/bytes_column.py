"""Columns of keys and of bytes of one length."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from .bool_column import BoolColumn
from .row_equality import equal_rows
from .rows import Column, Rows, read_only, stands_for


@stands_for(bytes, Pubkey)
class BytesColumn(Column):
    """Keys or fixed-size bytes, uint8[n, size]. Compares with another column or with bytes."""

    __slots__ = ("values",)

    def __init__(self, rows: Rows, values: NDArray[np.uint8]) -> None:
        self.rows = rows
        self.values = read_only(values)

    def __add__(self, other: BytesColumn | bytes) -> BytesColumn:
        return BytesColumn(self.rows, np.hstack([self.values, self._beside(other)]))

    def __radd__(self, other: bytes) -> BytesColumn:
        return BytesColumn(self.rows, np.hstack([self._beside(other), self.values]))

    def _beside(self, other: BytesColumn | bytes) -> NDArray[np.uint8]:
        width = other.values.shape[1] if type(other) is BytesColumn else len(cast(bytes, other))
        return bytes_values(self.rows, other, width)

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        right = bytes_values(self.rows, other, self.values.shape[1])
        return BoolColumn(self.rows, equal_rows(self.values, right))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)


def bytes_values(rows: Rows, value: object, width: int) -> NDArray[np.uint8]:
    """uint8[n, width] of a column, or of bytes or a key for every row."""
    if type(value) is BytesColumn and value.rows is rows:
        values = value.values
    elif type(value) is bytes or type(value) is Pubkey:
        raw = np.frombuffer(bytes(value), dtype=np.uint8)
        values = np.broadcast_to(raw, (rows.count, len(raw)))
    else:
        raise rows.refuse("a column of bytes goes with bytes and keys only")
    if values.shape[1] != width:
        raise rows.refuse(f"{values.shape[1]} bytes where {width} belong")
    return values
