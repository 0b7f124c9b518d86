"""Integers of any width, one a row, with their signs: what columns beyond 64 bits hold.

Guarantees: results are exact, those of Python's integers; quotients round down, and remainders have
the divisor's sign. Does not: bound the width, which is the column's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import limbs as unsigned
from .limbs import Limbs
from .long_division import divide, root

Bools = NDArray[np.bool_]
_SIGN_BIT: Final = np.uint64(1 << 63)
_NARROW: Final = 2  # limbs of 64 bits
_LIMB_LEN: Final = 4
_LARGEST_POSITIVE: Final = np.uint64((1 << 31) - 1)  # leading limb of one in two's complement


@dataclass(frozen=True, slots=True)
class WideIntegers:
    """An integer for each row: its magnitude in limbs, and which rows are negative, None if none.

    Zero is never negative.
    """

    magnitude: Limbs
    negative: Bools | None = None

    @classmethod
    def of_constant(cls, value: int) -> WideIntegers:
        """The same integer in every row."""
        return cls(unsigned.constant(abs(value)), np.ones(1, np.bool_) if value < 0 else None)

    @classmethod
    def of_array(cls, values: NDArray[Any]) -> WideIntegers:
        """The values of uint64[n] or int64[n]."""
        if values.dtype == np.uint64:
            return cls(unsigned.split(values))
        negative = values < 0
        # The lowest int64 is its own negative, and its magnitude as an unsigned one.
        magnitude = np.where(negative, -values, values).view(np.uint64)
        return cls(unsigned.split(magnitude), negative if negative.any() else None)

    @classmethod
    def of_bytes(cls, raw: NDArray[np.uint8], *, signed: bool) -> WideIntegers:
        """Little-endian integers of uint8[n, size], in two's complement if signed."""
        words = np.ascontiguousarray(raw).view("<u4")
        limbs = [words[:, n].astype(np.uint64) for n in range(words.shape[1])]
        negative = limbs[-1] > _LARGEST_POSITIVE
        if not signed or not negative.any():
            return cls(limbs)
        return cls(unsigned.choose(negative, unsigned.complement(limbs), limbs), negative)

    def fits(self, size: int, *, signed: bool) -> Bools:
        """Rows whose value an integer type of `size` bytes has."""
        bits = 8 * size - signed
        end = WideIntegers.of_constant(1 << bits)
        least = WideIntegers.of_constant(-(1 << bits) if signed else 0)
        return self.less(end) & ~self.less(least)

    def to_bytes(self, count: int, size: int) -> NDArray[np.uint8]:
        """uint8[count, size], in two's complement; undefined in rows that do not fit."""
        size_limbs = -(-size // _LIMB_LEN)
        limbs = [unsigned.limb_of(self.magnitude, n) for n in range(size_limbs)]
        if self.negative is not None:
            limbs = unsigned.choose(self.negative, unsigned.complement(limbs), limbs)
        raw = np.empty((count, size_limbs, _LIMB_LEN), dtype=np.uint8)
        for n, limb in enumerate(limbs):
            raw[:, n].view("<u4")[:, 0] = limb
        return raw.reshape(count, -1)[:, :size]

    def trimmed(self, count: int, live: Bools) -> WideIntegers:
        """The same in `count` rows, with no more limbs and signs than the `live` ones need."""
        magnitude = unsigned.whole(unsigned.trimmed(self.magnitude, live), count)
        negative = self.negative
        if negative is not None:
            negative = np.broadcast_to(negative, count) & ~unsigned.is_zero(magnitude)
        return WideIntegers(magnitude, negative if _any(negative, live) else None)

    def beyond(self, limb_count: int) -> Bools | bool:
        """Rows that need more limbs than this."""
        above = self.magnitude[limb_count:]
        return ~unsigned.is_zero(above) if above else False

    def narrow(self, live: Bools) -> NDArray[Any] | None:
        """The values as uint64, else as int64; None if those of some `live` row fit neither."""
        if len(self.magnitude) > _NARROW:
            return None
        values = unsigned.joined(self.magnitude)
        if self.negative is None:
            return values
        most = np.where(self.negative, _SIGN_BIT, _SIGN_BIT - np.uint64(1))
        if ((values > most) & live).any():
            return None
        signed = values.view(np.int64)
        return np.where(self.negative, -signed, signed)

    def to_python(self) -> NDArray[Any]:
        """Python's integers, in an array of objects."""
        integers = unsigned.to_integers(self.magnitude)
        values = np.empty(len(integers), dtype=object)
        values[:] = integers
        return values if self.negative is None else np.where(self.negative, -values, values)

    def is_zero(self) -> Bools:
        """Rows that are 0."""
        return unsigned.is_zero(self.magnitude)

    def add(self, other: WideIntegers) -> WideIntegers:
        """self + other."""
        if self.negative is None and other.negative is None:
            return WideIntegers(unsigned.add(self.magnitude, other.magnitude))
        left, right = _signs(self), _signs(other)
        alike = left == right
        total = unsigned.add(self.magnitude, other.magnitude)
        gap, turned = _gap(self.magnitude, other.magnitude)
        negative = left if turned is None else left ^ (turned & ~alike)
        return WideIntegers(unsigned.choose(alike, total, gap), negative)

    def negated(self) -> WideIntegers:
        """-self."""
        return WideIntegers(self.magnitude, ~_signs(self) & ~self.is_zero())

    def subtract(self, other: WideIntegers) -> WideIntegers:
        """self - other."""
        if self.negative is None and other.negative is None:
            return WideIntegers(*_gap(self.magnitude, other.magnitude))
        return self.add(other.negated())

    def multiply(self, other: WideIntegers) -> WideIntegers:
        """self * other."""
        product = unsigned.multiply(self.magnitude, other.magnitude)
        return WideIntegers(product, _unlike(self, other))

    def divide(self, other: WideIntegers) -> tuple[WideIntegers, WideIntegers]:
        """self // other and self % other; no divisor is 0."""
        quotient, rest = divide(self.magnitude, other.magnitude)
        unlike = _unlike(self, other)
        if unlike is None:
            return WideIntegers(quotient), WideIntegers(rest)
        down = unlike & ~unsigned.is_zero(rest)
        quotient = unsigned.add(quotient, [down.astype(np.uint64)])
        rest = unsigned.choose(down, unsigned.subtract(other.magnitude, rest), rest)
        return WideIntegers(quotient, unlike), WideIntegers(rest, other.negative)

    def shifted_right(self, places: int) -> WideIntegers:
        """self >> places, rounded down."""
        shifted = unsigned.shifted_right(self.magnitude, places)
        if self.negative is None:
            return WideIntegers(shifted)
        lost = unsigned.subtract(self.magnitude, unsigned.multiply(shifted, _power(places)))
        down = self.negative & ~unsigned.is_zero(lost)
        return WideIntegers(unsigned.add(shifted, [down.astype(np.uint64)]), self.negative)

    def shifted_left(self, places: int) -> WideIntegers:
        """self << places."""
        return WideIntegers(unsigned.multiply(self.magnitude, _power(places)), self.negative)

    def root(self) -> WideIntegers:
        """The integer square root, rounded down, of rows that are not negative."""
        return WideIntegers(root(self.magnitude))

    def less(self, other: WideIntegers) -> Bools:
        """Rows in which self < other."""
        lower = unsigned.less(self.magnitude, other.magnitude)
        if self.negative is None and other.negative is None:
            return lower
        left, right = _signs(self), _signs(other)
        higher = unsigned.less(other.magnitude, self.magnitude)
        return (left & ~right) | (left & right & higher) | (~left & ~right & lower)

    def equal(self, other: WideIntegers) -> Bools:
        """Rows in which both are the same."""
        same = unsigned.equal(self.magnitude, other.magnitude)
        if self.negative is None and other.negative is None:
            return same
        return same & (_signs(self) == _signs(other))

    def where(self, condition: Bools, other: WideIntegers) -> WideIntegers:
        """These in rows where the condition holds, else the others."""
        chosen = unsigned.choose(condition, self.magnitude, other.magnitude)
        if self.negative is None and other.negative is None:
            return WideIntegers(chosen)
        return WideIntegers(chosen, np.where(condition, _signs(self), _signs(other)))


def _signs(integers: WideIntegers) -> Bools:
    return np.zeros(1, dtype=np.bool_) if integers.negative is None else integers.negative


def _unlike(a: WideIntegers, b: WideIntegers) -> Bools | None:
    return None if a.negative is None and b.negative is None else _signs(a) ^ _signs(b)


def _gap(a: Limbs, b: Limbs) -> tuple[Limbs, Bools | None]:
    """|a - b|, and rows in which a < b."""
    turned = unsigned.less(a, b)
    if not turned.any():
        return unsigned.subtract(a, b), None
    gap = unsigned.choose(turned, unsigned.subtract(b, a), unsigned.subtract(a, b))
    return gap, turned


def _power(places: int) -> Limbs:
    return unsigned.constant(1 << places)


def _any(mask: Bools | None, live: Bools) -> bool:
    return mask is not None and bool((mask & live).any())
