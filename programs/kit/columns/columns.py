"""Columns: one value for each transaction of a group, computed at once.

Guarantees: no value ever wraps, rounds or becomes a float. If a column cannot hold a result that a
Python integer could (beyond 64 bits, negative in an unsigned column) or on division by zero, the
row is *excluded from the batch* and executed by the scalar handler, which decides. Overflow
therefore never makes a batch handler wrong. Operations that a column cannot answer for every row at
once are refused; see rows.py.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum, IntFlag
from types import NoneType
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ....primitives.integers import U64_MAX
from .row_equality import equal_rows
from .rows import Column, Rows, read_only, stands_for

_I64_MAX: Final = (1 << 63) - 1
_I64_MIN: Final = -(1 << 63)
_WORD_LEN: Final = 8


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


@stands_for(int)
class IntColumn(Column):
    """An integer for each row, as uint64 or int64."""

    __slots__ = ("values",)

    def __init__(self, rows: Rows, values: NDArray[np.uint64] | NDArray[np.int64]) -> None:
        self.rows = rows
        self.values: NDArray[Any] = read_only(values)

    def __add__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        total = a + b
        if a.dtype == np.uint64:
            self.rows.exclude(total < a)
        else:
            self.rows.exclude(((a ^ total) & (b ^ total)) < 0)
        return IntColumn(self.rows, total)

    __radd__ = __add__

    def __sub__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        difference = a - b
        if a.dtype == np.uint64:
            self.rows.exclude(b > a)
        else:
            self.rows.exclude(((a ^ b) & (a ^ difference)) < 0)
        return IntColumn(self.rows, difference)

    def __rsub__(self, other: int) -> IntColumn:
        return self._constant(other) - self

    def __mul__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        product = a * b
        self.rows.exclude(~product_fits(a, b))
        return IntColumn(self.rows, product)

    __rmul__ = __mul__

    def __floordiv__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._divisible(other)
        return IntColumn(self.rows, a // b)

    def __rfloordiv__(self, other: int) -> IntColumn:
        return self._constant(other) // self

    def __mod__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._divisible(other)
        return IntColumn(self.rows, a % b)

    def __rmod__(self, other: int) -> IntColumn:
        return self._constant(other) % self

    def to_bytes(self, length: int = 1, byteorder: str = "big") -> BytesColumn:
        """Excludes rows with a negative value, or with one that needs more bytes."""
        if byteorder not in ("big", "little"):
            raise self._refuse(f"there is no byte order {byteorder!r}")
        values = self.values
        self.rows.exclude(values < 0)
        if length < _WORD_LEN:
            self.rows.exclude(values >= values.dtype.type(1 << 8 * length))
        raw = np.zeros((self.rows.count, max(length, _WORD_LEN)), dtype=np.uint8)
        raw[:, :_WORD_LEN] = values.astype("<u8")[:, None].view(np.uint8)
        step = 1 if byteorder == "little" else -1
        return BytesColumn(self.rows, raw[:, :length][:, ::step])

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        a, b = self._pair(cast("IntColumn | int", other))
        return BoolColumn(self.rows, a == b)

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)

    def __lt__(self, other: IntColumn | int) -> BoolColumn:
        a, b = self._pair(other)
        return BoolColumn(self.rows, a < b)

    def __le__(self, other: IntColumn | int) -> BoolColumn:
        a, b = self._pair(other)
        return BoolColumn(self.rows, a <= b)

    def __gt__(self, other: IntColumn | int) -> BoolColumn:
        return ~(self <= other)

    def __ge__(self, other: IntColumn | int) -> BoolColumn:
        return ~(self < other)

    def _constant(self, value: int) -> IntColumn:
        return IntColumn(self.rows, integer_values(self.rows, value))

    def _pair(self, other: IntColumn | int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Both sides in one dtype; excludes rows with a value that does not fit."""
        a, b = self.values, integer_values(self.rows, other)
        if a.dtype == b.dtype:
            return a, b
        return self._signed(a), self._signed(b)

    def _signed(self, values: NDArray[Any]) -> NDArray[np.int64]:
        if values.dtype == np.uint64:
            self.rows.exclude(values > np.uint64(_I64_MAX))
        return values.astype(np.int64)

    def _divisible(self, other: IntColumn | int) -> tuple[NDArray[Any], NDArray[Any]]:
        a, b = self._pair(other)
        refused = b == 0
        if a.dtype == np.int64:
            refused |= (a == _I64_MIN) & (b == -1)
        self.rows.exclude(refused)
        return a, np.where(refused, b.dtype.type(1), b)


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


def integer_values(rows: Rows, value: object) -> NDArray[Any]:
    """The values of a column or an int, as uint64 or int64."""
    if type(value) is IntColumn and value.rows is rows:
        return value.values
    if type(value) is not int:
        raise rows.refuse("a column of integers computes with integers only")
    if not _I64_MIN <= value <= U64_MAX:
        rows.exclude(True)
        raise OverflowError(f"an integer of {value.bit_length()} bits does not fit 64")
    return np.full(rows.count, value, dtype=np.uint64 if value >= 0 else np.int64)


def condition_values(rows: Rows, value: object) -> NDArray[np.bool_] | bool:
    """bool[n] of a column, or a bool for all rows."""
    if type(value) is BoolColumn and value.rows is rows:
        return value.values
    if type(value) is not bool:
        raise rows.refuse("a column of conditions goes with conditions only")
    return value


def enum_values(rows: Rows, value: object, members: type[Enum]) -> NDArray[Any] | int:
    """The numbers of a column of members of this Enum, or the number of one of them."""
    if type(value) is EnumColumn and value.members is members and value.rows is rows:
        return value.values
    own_equality = members.__eq__ not in (object.__eq__, int.__eq__)
    if type(value) is not members or own_equality:
        raise rows.refuse(f"a column of {members.__name__} goes with its members only")
    return cast(int, cast(Enum, value).value)


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


def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; for plain values and columns of one type."""
    if type(condition) is not BoolColumn:
        return a if condition else b
    rows, holds_here = condition.rows, condition.values
    left, right = as_column(rows, a), as_column(rows, b)
    if type(left) is IntColumn and type(right) is IntColumn:
        pair = left._pair(right)  # pyright: ignore[reportPrivateUsage]
        return IntColumn(rows, np.where(holds_here, *pair))
    if type(left) is EnumColumn and type(right) is EnumColumn:
        numbers = enum_values(rows, right, left.members)
        return EnumColumn(rows, np.where(holds_here, left.values, numbers), left.members)
    if type(left) is BytesColumn and type(right) is BytesColumn:
        raw = bytes_values(rows, right, left.values.shape[1])
        return BytesColumn(rows, np.where(holds_here[:, None], left.values, raw))
    if type(left) is BoolColumn and type(right) is BoolColumn:
        return BoolColumn(rows, np.where(holds_here, left.values, right.values))
    raise rows.refuse("`select` chooses between values of one kind")


def as_column(rows: Rows, value: object) -> Column:
    """A column unchanged, or a constant as a column."""
    kind = type(value)
    if issubclass(kind, Column):
        return cast(Column, value)
    if kind is int:
        return IntColumn(rows, integer_values(rows, value))
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


def product_fits(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    """Rows in which a * b fits the dtype."""
    if a.dtype == np.uint64:
        limit = np.uint64(U64_MAX) // np.maximum(b, np.uint64(1))
        return a <= limit
    # Conservative: both below 2^31, or one side 0 or 1; the scalar handler takes the rest. Not by
    # abs: that of the lowest int64 is itself, and so below any limit.
    small = _within(a, 1 << 31) & _within(b, 1 << 31)
    return small | (a == 0) | (b == 0) | (a == 1) | (b == 1)


def _within(values: NDArray[Any], limit: int) -> NDArray[np.bool_]:
    return (values > -limit) & (values < limit)
