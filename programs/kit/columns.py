"""Columns: one value for each transaction of a group, computed on all at once.

Guarantees: no value ever wraps, rounds or becomes a float. Where a column cannot hold what Python
integers could (beyond 64 bits, below zero unsigned, a division by zero), the row *leaves the
batch*: it is executed one by one by the scalar handler, which decides. A batch handler can thus
only be as wrong as its author, never by overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey

_U64_MAX: Final = (1 << 64) - 1
_I64_MAX: Final = (1 << 63) - 1
_I64_MIN: Final = -(1 << 63)
_WORD_LEN: Final = 8
_FOUR: Final = 4  # words of a key
_ALL_FOUR: Final = np.uint32(0x01010101)  # four booleans, seen as one integer


class Rows:
    """The rows of one batch call. `left` bool[n]: those that left, to be executed one by one."""

    __slots__ = ("count", "left")

    def __init__(self, count: int) -> None:
        self.count = count
        self.left = np.zeros(count, dtype=np.bool_)

    def leave(self, mask: NDArray[np.bool_] | np.bool_ | bool) -> None:
        """Take rows out of the batch. What it computes for them from now on does not matter."""
        self.left |= mask


class BoolColumn:
    """A condition for each row. Combine with `&`, `|`, `~`; pass it to `require`."""

    __slots__ = ("rows", "values")

    def __init__(self, rows: Rows, values: NDArray[np.bool_]) -> None:
        self.rows = rows
        self.values = values

    def __and__(self, other: BoolColumn | bool) -> BoolColumn:
        return BoolColumn(self.rows, self.values & _mask(other))

    def __or__(self, other: BoolColumn | bool) -> BoolColumn:
        return BoolColumn(self.rows, self.values | _mask(other))

    __rand__ = __and__
    __ror__ = __or__

    def __invert__(self) -> BoolColumn:
        return BoolColumn(self.rows, ~self.values)

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        return BoolColumn(self.rows, self.values == _mask(cast("BoolColumn | bool", other)))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError(
            "a column has no single truth: use & | ~ instead of and/or/not, `select` instead of if"
        )


class IntColumn:
    """An integer for each row, in uint64 or int64."""

    __slots__ = ("rows", "values")

    def __init__(self, rows: Rows, values: NDArray[np.uint64] | NDArray[np.int64]) -> None:
        self.rows = rows
        self.values: NDArray[Any] = values

    def __add__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        total = a + b
        if a.dtype == np.uint64:
            self.rows.leave(total < a)
        else:
            self.rows.leave(((a ^ total) & (b ^ total)) < 0)
        return IntColumn(self.rows, total)

    __radd__ = __add__

    def __sub__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        difference = a - b
        if a.dtype == np.uint64:
            self.rows.leave(b > a)
        else:
            self.rows.leave(((a ^ b) & (a ^ difference)) < 0)
        return IntColumn(self.rows, difference)

    def __rsub__(self, other: int) -> IntColumn:
        return self._constant(other) - self

    def __mul__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._pair(other)
        product = a * b
        self.rows.leave(~_product_fits(a, b))
        return IntColumn(self.rows, product)

    __rmul__ = __mul__

    def __floordiv__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._divisible(other)
        return IntColumn(self.rows, a // b)

    def __mod__(self, other: IntColumn | int) -> IntColumn:
        a, b = self._divisible(other)
        return IntColumn(self.rows, a % b)

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        a, b = self._pair(cast("IntColumn | int", other))
        return BoolColumn(self.rows, a == b)

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]

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

    def __bool__(self) -> bool:
        raise TypeError("a column has no single truth: compare it, and pass that to `require`")

    def __float__(self) -> float:
        raise TypeError("no floats: they differ between machines")

    def _constant(self, value: int) -> IntColumn:
        return IntColumn(self.rows, integer_values(self.rows, value))

    def _pair(self, other: IntColumn | int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Both sides in one dtype; rows in which a side does not fit it leave."""
        a, b = self.values, integer_values(self.rows, other)
        if a.dtype == b.dtype:
            return a, b
        return self._signed(a), self._signed(b)

    def _signed(self, values: NDArray[Any]) -> NDArray[np.int64]:
        if values.dtype == np.uint64:
            self.rows.leave(values > np.uint64(_I64_MAX))
        return values.astype(np.int64)

    def _divisible(self, other: IntColumn | int) -> tuple[NDArray[Any], NDArray[Any]]:
        a, b = self._pair(other)
        refused = b == 0
        if a.dtype == np.int64:
            refused |= (a == _I64_MIN) & (b == -1)
        self.rows.leave(refused)
        return a, np.where(refused, b.dtype.type(1), b)


class BytesColumn:
    """Keys or fixed bytes: uint8[n, size]. Compares with another column or with bytes."""

    __slots__ = ("rows", "values")

    def __init__(self, rows: Rows, values: NDArray[np.uint8]) -> None:
        self.rows = rows
        self.values = values

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        right = bytes_values(self.rows, other, self.values.shape[1])
        return BoolColumn(self.rows, equal_rows(self.values, right))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]


class OptionColumn:
    """A value or nothing for each row: look at `is_some` before `value` means anything."""

    __slots__ = ("_load_value", "is_some")

    def __init__(
        self, is_some: BoolColumn, load_value: Callable[[], IntColumn | BytesColumn]
    ) -> None:
        self.is_some = is_some
        self._load_value = load_value

    @property
    def value(self) -> IntColumn | BytesColumn:
        return self._load_value()

    @property
    def is_none(self) -> BoolColumn:
        return ~self.is_some


def integer_values(rows: Rows, value: object) -> NDArray[Any]:
    """uint64 or int64 values of a column, an int or an Enum member. TypeError for others."""
    if isinstance(value, IntColumn):
        return value.values
    number: object = value.value if isinstance(value, Enum) else value
    if type(number) is not int:
        raise TypeError(f"{value!r} is no integer: batches compute on integers only")
    if not _I64_MIN <= number <= _U64_MAX:
        raise OverflowError(f"{number} does not fit 64 bits")
    return np.full(rows.count, number, dtype=np.uint64 if number >= 0 else np.int64)


def bytes_values(rows: Rows, value: object, width: int) -> NDArray[np.uint8]:
    """uint8[n, width] of a column, or of bytes or a key name for every row."""
    if isinstance(value, BytesColumn):
        values = value.values
    elif isinstance(value, (bytes, str)):
        raw = bytes(Pubkey.of(value)) if isinstance(value, str) else bytes(value)
        values = np.broadcast_to(np.frombuffer(raw, dtype=np.uint8), (rows.count, len(raw)))
    else:
        raise TypeError(f"{value!r} is neither bytes nor a key")
    if values.shape[1] != width:
        raise TypeError(f"{values.shape[1]} bytes where {width} belong")
    return values


def mul_div(a: Any, b: Any, divisor: Any) -> Any:
    """a * b // divisor with an exact intermediate product; for ints and for columns."""
    columns = [x for x in (a, b, divisor) if isinstance(x, IntColumn)]
    if not columns:
        return a * b // divisor
    rows = columns[0].rows
    left, right, below = (integer_values(rows, x) for x in (a, b, divisor))
    unsigned = left.dtype == right.dtype == below.dtype == np.uint64
    small = _product_fits(left, right) if unsigned else np.zeros(rows.count, dtype=np.bool_)
    zero = below == 0
    rows.leave(zero)
    safe_divisor = np.where(zero, below.dtype.type(1), below)
    result = left * right // safe_divisor if unsigned else np.zeros(rows.count, np.int64)
    for row in np.flatnonzero(~small & ~rows.left).tolist():
        exact = int(left[row]) * int(right[row]) // int(safe_divisor[row])
        if not int(np.iinfo(result.dtype).min) <= exact <= int(np.iinfo(result.dtype).max):
            rows.leave(np.arange(rows.count) == row)
        else:
            result[row] = exact
    return IntColumn(rows, result)


def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; for plain values and for columns."""
    if not isinstance(condition, BoolColumn):
        return a if condition else b
    rows = condition.rows
    if isinstance(a, BytesColumn) or isinstance(b, BytesColumn):
        width = next(x.values.shape[1] for x in (a, b) if isinstance(x, BytesColumn))
        left, right = bytes_values(rows, a, width), bytes_values(rows, b, width)
        return BytesColumn(rows, np.where(condition.values[:, None], left, right))
    left, right = IntColumn(rows, integer_values(rows, a))._pair(b)  # pyright: ignore[reportPrivateUsage]
    return IntColumn(rows, np.where(condition.values, left, right))


def equal_rows(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """bool[n]: whether rows of two uint8[n, size] are the same; `right` may have a single row.

    Word by word: reducing along such a short axis takes numpy ten times as long.
    """
    a: NDArray[Any] = np.ascontiguousarray(left)
    b: NDArray[Any] = np.ascontiguousarray(right)
    if a.shape[1] % _WORD_LEN == 0:
        a, b = a.view(np.uint64), b.view(np.uint64)
    if a.shape[1] == _FOUR:  # as for keys: the four answers of a row are one integer
        return (a == b).view(np.uint32)[:, 0] == _ALL_FOUR
    same = np.ones(len(a), dtype=np.bool_)
    for column in range(a.shape[1]):
        same &= a[:, column] == b[:, column]
    return same


def is_none(value: object) -> Any:
    """`value is None`, for plain values and for columns."""
    return value.is_none if isinstance(value, OptionColumn) else value is None


def holds(optional: object, value: object) -> Any:
    """Whether an optional value is there and is this one; for plain values and for columns."""
    if isinstance(optional, OptionColumn):
        return optional.is_some & (optional.value == value)
    return optional is not None and optional == value


def only_where(condition: Any) -> None:
    """Go on in a batch only with the rows for which the condition holds; the others leave it.

    In a scalar handler it does nothing: what is rare or intricate is handled there alone.
    """
    if isinstance(condition, BoolColumn):
        condition.rows.leave(~condition.values)


def _mask(value: BoolColumn | bool) -> NDArray[np.bool_] | bool:
    if isinstance(value, BoolColumn):
        return value.values
    if type(value) is bool:
        return value
    raise TypeError(f"{value!r} is no condition")


def _product_fits(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    """Rows in which a * b fits the dtype."""
    if a.dtype == np.uint64:
        limit = np.uint64(_U64_MAX) // np.maximum(b, np.uint64(1))
        return a <= limit
    # Conservative: halves of 31 bits each, or one side 0 or 1; the rest is for the scalar handler.
    # Not by abs: that of the lowest int64 is itself, and so below any limit.
    small = _within(a, 1 << 31) & _within(b, 1 << 31)
    return small | (a == 0) | (b == 0) | (a == 1) | (b == 1)


def _within(values: NDArray[Any], limit: int) -> NDArray[np.bool_]:
    return (values > -limit) & (values < limit)
