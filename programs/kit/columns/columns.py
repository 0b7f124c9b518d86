"""Columns of keys, bytes, members of an Enum and optional values; `select` between any columns.

Guarantees: operations that a column cannot answer for every row at once are refused; see rows.py.
Columns of integers are in integers.py, those of conditions in conditions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum, IntFlag
from functools import reduce
from types import NoneType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from .bool_column import BoolColumn
from .bytes_column import BytesColumn, bytes_values
from .integers import IntColumn
from .rows import Column, Rows, read_only, stands_for


@stands_for(Enum, IntEnum, IntFlag)
class EnumColumn(Column):
    """A member of one Enum for each row, stored by number. Compares with members of that Enum."""

    __slots__ = ("members", "values")

    def __init__(self, rows: Rows, values: NDArray[Any], members: type[Enum]) -> None:
        self.rows = rows
        self.values: NDArray[Any] = read_only(values)
        self.members = members

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        return BoolColumn(self.rows, self.values == enum_values(self.rows, other, self.members))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)


@stands_for(NoneType, bool, int, IntEnum)
class OptionColumn(Column):
    """An optional value for each row: check `is_some` before using `value`.

    `== None` and `== value` work; `is None` cannot: use `is_none` or `holds`.
    """

    __slots__ = ("_load_value", "is_some")

    def __init__(self, is_some: BoolColumn, load_value: Callable[[], Any]) -> None:
        self.rows = is_some.rows
        self.is_some = is_some
        self._load_value = load_value

    @property
    def value(self) -> Any:
        """The values, as a column; undefined in rows without a value."""
        if self.rows.shared:
            raise self.rows.refuse("in a scalar handler an option has no 'value'")
        return self.loaded()

    def loaded(self) -> Any:
        """The column of values."""
        return self._load_value()

    @property
    def is_none(self) -> BoolColumn:
        return ~self.is_some

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        if other is None:
            return self.is_none
        if type(other) is not OptionColumn:
            return self.is_some & (self.loaded() == other)
        same = self.is_some & other.is_some & (self.loaded() == other.loaded())
        return same | (self.is_none & other.is_none)

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)


# The values of a column or of a constant, for supported operations. All others are refused, so that
# the scalar handler decides.


def enum_values(rows: Rows, value: object, members: type[Enum]) -> NDArray[Any] | int:
    """The numbers of a column of members of this Enum, or the number of one of them."""
    if type(value) is EnumColumn and value.members is members and value.rows is rows:
        return value.values
    own_equality = members.__eq__ not in (object.__eq__, int.__eq__)
    if type(value) is not members or own_equality:
        raise rows.refuse(f"a column of {members.__name__} goes with its members only")
    return cast(int, cast(Enum, value).value)


def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; for plain values and columns of one type."""
    if type(condition) is not BoolColumn:
        return a if condition else b
    rows, holds_here = condition.rows, condition.values
    left, right = as_column(rows, a), as_column(rows, b)
    if type(left) is IntColumn and type(right) is IntColumn:
        return left.where(holds_here, right)
    if type(left) is EnumColumn and type(right) is EnumColumn:
        numbers = enum_values(rows, right, left.members)
        return EnumColumn(rows, np.where(holds_here, left.values, numbers), left.members)
    if type(left) is BytesColumn and type(right) is BytesColumn:
        raw = bytes_values(rows, right, left.values.shape[1])
        return BytesColumn(rows, np.where(holds_here[:, None], left.values, raw))
    if type(left) is BoolColumn and type(right) is BoolColumn:
        return BoolColumn(rows, np.where(holds_here, left.values, right.values))
    raise rows.refuse("`select` chooses between values of one kind")


def least(*values: Any) -> Any:
    """The least of these values; of columns, the least in each row.

    >>> least(3, 1, 2)
    1
    """
    return reduce(lambda a, b: select(b < a, b, a), values)


def greatest(*values: Any) -> Any:
    """The greatest of these values; of columns, the greatest in each row.

    >>> greatest(3, 1, 2)
    3
    """
    return reduce(lambda a, b: select(b > a, b, a), values)


def as_column(rows: Rows, value: object) -> Column:
    """A column unchanged, or a constant as a column."""
    kind = type(value)
    if issubclass(kind, Column):
        return cast(Column, value)
    if kind is int:
        return IntColumn.of_constant(rows, cast(int, value))
    if kind is bool:
        return BoolColumn(rows, np.full(rows.count, value))
    if kind is bytes or kind is Pubkey:
        raw = cast(bytes, value)
        return BytesColumn(rows, bytes_values(rows, raw, len(raw)))
    if issubclass(kind, Enum):
        number = enum_values(rows, value, kind)
        dtype = np.uint64 if type(number) is int and number >= 0 else np.int64
        return EnumColumn(rows, np.full(rows.count, number, dtype), kind)
    raise rows.refuse(f"no column holds a {kind.__name__}")
