"""Columns of integers, exact up to 256 bits.

Guarantees: no value ever wraps, rounds or becomes a float. Values are uint64 or int64 as long as
all rows fit; a result beyond 64 bits, or below 0 from unsigned values, makes the column a wide one,
and the next result that fits is narrow again. If a column cannot hold a result that a Python
integer could, or on division by zero, the row is *excluded from the batch* and executed by the
scalar handler, which decides. Overflow therefore never makes a batch handler wrong.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ....primitives.integers import I64_MAX, U64_MAX
from .bool_column import BoolColumn
from .bytes_column import BytesColumn
from .rows import Column, Rows, read_only, stands_for
from .wide_integers import WideIntegers

BITS_MAX: Final = 256
_I64_MIN: Final = -(1 << 63)
_LIMBS_MAX: Final = BITS_MAX // 32
Held = NDArray[Any] | WideIntegers


@stands_for(int)
class IntColumn(Column):
    """An integer for each row: `held` is uint64[n], int64[n] or, if wider, WideIntegers."""

    __slots__ = ("held",)

    def __init__(self, rows: Rows, held: NDArray[np.uint64] | NDArray[np.int64]) -> None:
        self.rows = rows
        self.held: Held = read_only(held)

    @classmethod
    def of_constant(cls, rows: Rows, value: int) -> IntColumn:
        """The same integer in every row."""
        held = held_integers(rows, value)
        return of_wide(rows, held) if isinstance(held, WideIntegers) else cls(rows, held)

    @property
    def values(self) -> NDArray[Any]:
        """The values, as Python's integers if some row needs more than 64 bits."""
        if isinstance(self.held, WideIntegers):
            return read_only(self.held.to_python())
        return self.held

    def __add__(self, other: IntColumn | int) -> IntColumn:
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            a, b = pair
            total = a + b
            lost = total < a if a.dtype == np.uint64 else ((a ^ total) & (b ^ total)) < 0
            if not self.rows.any_left(lost):
                return IntColumn(self.rows, total)
        return of_wide(self.rows, self.widened().add(wide(right)))

    __radd__ = __add__

    def __sub__(self, other: IntColumn | int) -> IntColumn:
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            a, b = pair
            difference = a - b
            lost = b > a if a.dtype == np.uint64 else ((a ^ b) & (a ^ difference)) < 0
            if not self.rows.any_left(lost):
                return IntColumn(self.rows, difference)
        return of_wide(self.rows, self.widened().subtract(wide(right)))

    def __rsub__(self, other: int) -> IntColumn:
        return IntColumn.of_constant(self.rows, _integer(self.rows, other)) - self

    def __neg__(self) -> IntColumn:
        return 0 - self

    def __mul__(self, other: IntColumn | int) -> IntColumn:
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None and product_fits(self.rows, *pair):
            a, b = pair
            return IntColumn(self.rows, a * b)
        return of_wide(self.rows, self.widened().multiply(wide(right)))

    __rmul__ = __mul__

    def __floordiv__(self, other: IntColumn | int) -> IntColumn:
        right = self._divisor(held_integers(self.rows, other))
        pair = self._pair(right)
        if pair is not None and not self._only_lowest_fails(*pair):
            return IntColumn(self.rows, pair[0] // pair[1])
        places = power_of_two(other)
        if places is not None:
            return of_wide(self.rows, self.widened().shifted_right(places))
        return of_wide(self.rows, self.widened().divide(wide(right))[0])

    def __rfloordiv__(self, other: int) -> IntColumn:
        return IntColumn.of_constant(self.rows, _integer(self.rows, other)) // self

    def __mod__(self, other: IntColumn | int) -> IntColumn:
        right = self._divisor(held_integers(self.rows, other))
        pair = self._pair(right)
        if pair is not None and not self._only_lowest_fails(*pair):
            return IntColumn(self.rows, pair[0] % pair[1])
        return of_wide(self.rows, self.widened().divide(wide(right))[1])

    def __rmod__(self, other: int) -> IntColumn:
        return IntColumn.of_constant(self.rows, _integer(self.rows, other)) % self

    def __lshift__(self, places: int) -> IntColumn:
        return of_wide(self.rows, self.widened().shifted_left(self._places(places)))

    def __rshift__(self, places: int) -> IntColumn:
        by = self._places(places)
        if isinstance(self.held, WideIntegers):
            return of_wide(self.rows, self.held.shifted_right(by))
        # All that is left of 64 bits after 63 places is the sign.
        signed = self.held.dtype == np.int64
        shifted = self.held >> self.held.dtype.type(min(by, 63))
        return IntColumn(self.rows, shifted if signed or by < 64 else shifted >> np.uint64(1))

    def to_bytes(self, length: int = 1, byteorder: str = "big") -> BytesColumn:
        """Excludes rows with a negative value, or with one that needs more bytes."""
        if byteorder not in ("big", "little"):
            raise self._refuse(f"there is no byte order {byteorder!r}")
        integers = self.widened()
        self.rows.exclude(~integers.fits(length, signed=False))
        raw = integers.to_bytes(self.rows.count, length)
        return BytesColumn(self.rows, raw[:, :: 1 if byteorder == "little" else -1])

    def __eq__(self, other: object) -> BoolColumn:  # type: ignore[override] - one answer a row
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            return BoolColumn(self.rows, pair[0] == pair[1])
        return self._answer(self.widened().equal(wide(right)))

    def __ne__(self, other: object) -> BoolColumn:  # type: ignore[override]
        return ~(self == other)

    def __lt__(self, other: IntColumn | int) -> BoolColumn:
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            return BoolColumn(self.rows, pair[0] < pair[1])
        return self._answer(self.widened().less(wide(right)))

    def __le__(self, other: IntColumn | int) -> BoolColumn:
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            return BoolColumn(self.rows, pair[0] <= pair[1])
        return self._answer(~wide(right).less(self.widened()))

    def __gt__(self, other: IntColumn | int) -> BoolColumn:
        return ~(self <= other)

    def __ge__(self, other: IntColumn | int) -> BoolColumn:
        return ~(self < other)

    def where(self, condition: NDArray[np.bool_], other: IntColumn) -> IntColumn:
        """These in rows where the condition holds, else the others; for `select`."""
        right = held_integers(self.rows, other)
        if (pair := self._pair(right)) is not None:
            return IntColumn(self.rows, np.where(condition, *pair))
        return of_wide(self.rows, self.widened().where(condition, wide(right)))

    def widened(self) -> WideIntegers:
        """The values as wide integers, whether or not they need it."""
        return wide(self.held)

    def _answer(self, values: NDArray[np.bool_]) -> BoolColumn:
        return BoolColumn(self.rows, np.broadcast_to(values, self.rows.count))

    def _pair(self, right: Held) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """Both sides in one dtype of 64 bits; None if that cannot hold the values of every row."""
        a, b = self.held, right
        if isinstance(a, WideIntegers) or isinstance(b, WideIntegers):
            return None
        if a.dtype == b.dtype:
            return a, b
        large = (a if a.dtype == np.uint64 else b) > np.uint64(I64_MAX)
        if self.rows.any_left(large):
            return None
        return a.astype(np.int64), b.astype(np.int64)

    def _divisor(self, right: Held) -> Held:
        """The divisor, with rows excluded where it is 0."""
        if isinstance(right, WideIntegers):
            zero = right.is_zero()
            if not zero.any():
                return right
            self.rows.exclude(zero)
            return right.where(~zero, WideIntegers.of_constant(1))
        zero = right == 0
        if not np.count_nonzero(zero):
            return right
        self.rows.exclude(zero)
        return np.where(zero, right.dtype.type(1), right)

    def _only_lowest_fails(self, a: NDArray[Any], b: NDArray[Any]) -> bool:
        """Whether some row is the one quotient of int64 that is none: -2^63 // -1."""
        return a.dtype == np.int64 and bool(((a == _I64_MIN) & (b == -1)).any())

    def _places(self, places: object) -> int:
        if type(places) is not int or not 0 <= places <= BITS_MAX:
            raise self.rows.refuse(f"a column is shifted by an int from 0 to {BITS_MAX}")
        return places


def of_wide(rows: Rows, integers: WideIntegers) -> IntColumn:
    """A column of these, narrow if every row left fits 64 bits; excludes rows beyond 256 bits."""
    live = ~rows.excluded
    beyond = integers.beyond(_LIMBS_MAX)
    if beyond is not False:
        rows.exclude(beyond)
        live = ~rows.excluded
    integers = integers.trimmed(rows.count, live)
    narrow = integers.narrow(live)
    column = IntColumn(rows, np.zeros(0, np.uint64) if narrow is None else narrow)
    if narrow is None:
        column.held = integers
    return column


def wide(held: Held) -> WideIntegers:
    """The same as wide integers."""
    return held if isinstance(held, WideIntegers) else WideIntegers.of_array(held)


def held_integers(rows: Rows, value: object) -> Held:
    """The values of a column or an int: uint64, int64 or wide."""
    if type(value) is IntColumn and value.rows is rows:
        return value.held
    number = _integer(rows, value)
    if number.bit_length() > BITS_MAX:
        rows.exclude(True)
        raise OverflowError(f"an integer of {number.bit_length()} bits does not fit {BITS_MAX}")
    if not _I64_MIN <= number <= U64_MAX:
        return WideIntegers.of_constant(number)
    return np.full(rows.count, number, dtype=np.uint64 if number >= 0 else np.int64)


def integer_values(rows: Rows, value: object) -> NDArray[Any]:
    """The values of a column or an int, as uint64 or int64; excludes rows that fit neither."""
    held = held_integers(rows, value)
    if not isinstance(held, WideIntegers):
        return held
    held = held.trimmed(rows.count, ~rows.excluded)
    rows.exclude(held.beyond(2))
    if held.negative is not None:
        low, high = WideIntegers.of_constant(_I64_MIN), WideIntegers.of_constant(I64_MAX)
        rows.exclude(held.less(low) | high.less(held))
    narrow = held.trimmed(rows.count, ~rows.excluded).narrow(~rows.excluded)
    return np.zeros(rows.count, np.uint64) if narrow is None else narrow


def product_fits(rows: Rows, a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether a * b fits the dtype in every row left; may also say no where it does."""
    if _product_fits(a, b):
        return True
    if not rows.excluded.any():
        return False
    left = ~rows.excluded
    return not left.any() or _product_fits(a[left], b[left])


def _product_fits(a: NDArray[Any], b: NDArray[Any]) -> bool:
    if a.dtype == np.uint64:
        return int(a.max(initial=0)) * int(b.max(initial=0)) <= U64_MAX
    (low, high), (bottom, top) = _ends(a), _ends(b)
    ends = (low * bottom, low * top, high * bottom, high * top)
    return min(ends) >= _I64_MIN and max(ends) <= I64_MAX


def _ends(values: NDArray[Any]) -> tuple[int, int]:
    return int(values.min(initial=0)), int(values.max(initial=0))


def _integer(rows: Rows, value: object) -> int:
    if type(value) is not int:
        raise rows.refuse("a column of integers computes with integers only")
    return value


def power_of_two(value: object) -> int | None:
    """The exponent of a constant that is a power of two."""
    if type(value) is int and value > 0 and not value & (value - 1):
        return value.bit_length() - 1
    return None
