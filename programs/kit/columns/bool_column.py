"""Columns of conditions: whether something holds, for each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .rows import Column, Rows, read_only, stands_for


@stands_for(bool)
class BoolColumn(Column):
    """A condition for each row. Combine with `&`, `|`, `~`; pass to `require`."""

    __slots__ = ("values",)

    def __init__(self, rows: Rows, values: NDArray[np.bool_]) -> None:
        self.rows = rows
        self.values = read_only(values)

    def __and__(self, other: BoolColumn | bool) -> BoolColumn:
        return BoolColumn(self.rows, self.values & condition_values(self.rows, other))

    def __or__(self, other: BoolColumn | bool) -> BoolColumn:
        return BoolColumn(self.rows, self.values | condition_values(self.rows, other))

    __rand__ = __and__
    __ror__ = __or__

    def __invert__(self) -> BoolColumn:
        return BoolColumn(self.rows, ~self.values)

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        return BoolColumn(self.rows, self.values == condition_values(self.rows, other))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)


def condition_values(rows: Rows, value: object) -> NDArray[np.bool_] | bool:
    """bool[n] of a column, or a bool for all rows."""
    if type(value) is BoolColumn and value.rows is rows:
        return value.values
    if type(value) is not bool:
        raise rows.refuse("a column of conditions goes with conditions only")
    return value
