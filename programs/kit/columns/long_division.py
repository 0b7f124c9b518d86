"""Quotients and square roots of unsigned integers in limbs, of all rows at once.

Guarantees: exact. Floats estimate the digits of a quotient, and each digit that may be off is put
right by its remainder; so no divisor need be normalized, and one of up to 64 bits takes no limbs.

Source: Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D, and exercise 16; for
roots, Newton's method on integers.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .limbs import (
    LIMB_BITS,
    Limb,
    Limbs,
    choose,
    joined,
    less,
    multiply,
    of_integers,
    row_count,
    split,
    subtract,
    to_integers,
    whole,
)

Floats = NDArray[np.float64]
_BITS: Final = np.uint64(LIMB_BITS)
_MASK: Final = np.uint64(2**LIMB_BITS - 1)
_SIGN: Final = np.uint64(63)
_BASE: Final = 2.0**LIMB_BITS
_ONE: Final = np.uint64(1)
_MINUS_ONE: Final = np.uint64(2**64 - 1)
_SHORT_END: Final = 2**63
_NEGATIVE: Final = np.uint64(3 * 2**62)
_FAR: Final = np.uint64(2**62)
_LARGEST: Final = 2.0**64 - 2.0**11  # the largest float below 2^64
# Digits are below 2^32, and a float's relative error here is below 2^-48: off by 2^-16 at most.
_DOUBT: Final = 2.0**-15


def divide(a: Limbs, divisor: Limbs) -> tuple[Limbs, Limbs]:
    """a // divisor and a % divisor; no divisor is 0."""
    count = row_count(a, divisor)
    a, divisor = whole(a, count), whole(divisor, count)
    if len(divisor) > 2:
        return _divide_long(a, divisor)
    below = joined(divisor)
    if len(a) > 2:
        return _divide_short(a, below) if below.max() < _SHORT_END else _divide_long(a, divisor)
    left = joined(a)
    quotient = left // below
    return split(quotient), split(left - quotient * below)


def _divide_short(a: Limbs, divisor: Limb) -> tuple[Limbs, Limbs]:
    """By divisors below 2^63, with remainders modulo 2^64."""
    high = joined(a[-2:])
    first = high // divisor
    rest = high - first * divisor
    inverse = 1.0 / divisor.astype(np.float64)
    raised = inverse * _BASE
    digits: Limbs = []
    for limb in reversed(a[:-2]):
        estimate = rest.astype(np.float64) * raised
        estimate += limb.astype(np.float64) * inverse
        digit = estimate.astype(np.uint64)
        rest = ((rest << _BITS) | limb) - digit * divisor
        wrong = rest >= divisor
        if np.count_nonzero(wrong):
            _correct_short(digit, rest, divisor, np.flatnonzero(wrong))
        digits.append(digit)
    return [*reversed(digits), *split(first)], split(rest)


def _correct_short(digit: Limb, rest: Limb, divisor: Limb, rows: NDArray[np.int64]) -> None:
    """Put digits right that are off by one, in these rows.

    A digit too small leaves little more than the divisor; one too large, little less than 0, which
    modulo 2^64 is more than any divisor here.
    """
    left, below = rest[rows], divisor[rows]
    large = left > _NEGATIVE
    digit[rows] += np.where(large, _MINUS_ONE, _ONE)
    rest[rows] = np.where(large, left + below, left - below)


def _divide_long(a: Limbs, divisor: Limbs) -> tuple[Limbs, Limbs]:
    """By divisors of any size."""
    size = len(divisor)
    # As many limbs of a as are below every divisor give no digit; and where every divisor has all
    # of its limbs, the first three of a remainder say enough.
    full = bool(divisor[-1].all())
    begin = max(0, len(a) - (size - 1 if full else 0))
    lowest = max(0, size - 2) if full else 0
    rest = [*a[begin:], *[_zeros(a[0])] * (size + 1)][:size]
    inverse = _BASE**lowest / _as_floats(divisor)
    digits: Limbs = []
    for place in reversed(range(begin)):
        rest = [a[place], *rest]
        # Too small on purpose, so that no remainder is below 0.
        estimate = _as_floats(rest[lowest:]) * inverse
        estimate -= _DOUBT
        digit = np.maximum(estimate, 0.0, out=estimate).astype(np.uint64)
        rest = _less_product(rest, divisor, digit)
        doubtful = np.flatnonzero(estimate - digit > 1 - 4 * _DOUBT)
        if len(doubtful):
            _correct_long(digit, rest, divisor, doubtful)
        rest = rest[:size]
        digits.append(digit)
    return list(reversed(digits)) or [_zeros(a[0])], rest


def _less_product(rest: Limbs, divisor: Limbs, digit: Limb) -> Limbs:
    """rest - divisor * digit, which is not below 0; rest has a limb more than the divisor."""
    left: Limbs = []
    carry: Limb | None = None
    for limb, below in zip(rest, divisor, strict=False):
        product = below * digit
        if carry is not None:
            product += carry
        each = limb - (product & _MASK)
        left.append(each & _MASK)
        carry = product >> _BITS
        carry += each >> _SIGN
    return left if carry is None else [*left, rest[-1] - carry]


def _correct_long(digit: Limb, rest: Limbs, divisor: Limbs, rows: NDArray[np.int64]) -> None:
    """Put digits right that are too small by one, in these rows."""
    left, below = ([limb[rows] for limb in number] for number in (rest, divisor))
    small = ~less(left, below)
    digit[rows] += small
    right = choose(small, subtract(left, below), left)
    for limb, each in zip(rest, right, strict=True):
        limb[rows] = each


def root(a: Limbs) -> Limbs:
    """The integer square root, rounded down."""
    if len(a) <= 2:
        return [_short_root(joined(a))]
    if len(a) <= 4:
        return _long_root(a)
    return of_integers([math.isqrt(each) for each in to_integers(a)])


def _short_root(a: Limb) -> Limb:
    found = np.minimum(np.sqrt(a.astype(np.float64)).astype(np.uint64), _MASK)
    found -= found * found > a
    more = np.minimum(found + _ONE, _MASK)
    return np.where(more * more <= a, more, found)


def _long_root(a: Limbs) -> Limbs:
    """Of integers below 2^128: a float's root, and one step of Newton's, which is never below."""
    estimate = np.minimum(np.sqrt(_as_floats(a)), _LARGEST).astype(np.uint64)
    square = multiply(split(estimate), split(estimate))
    gap = np.where(
        less(a, square), -_as_floats(subtract(square, a)), _as_floats(subtract(a, square))
    )
    step = np.floor(gap / np.maximum(2.0 * estimate, 1.0) + _DOUBT).astype(np.int64)
    room = np.minimum(_MINUS_ONE - estimate, _FAR).astype(np.int64)
    # Modulo 2^64, where a step may be one back.
    found = estimate + np.minimum(step, room).view(np.uint64)
    return split(found - less(a, multiply(split(found), split(found))))


def _as_floats(a: Limbs) -> Floats:
    total = a[-1].astype(np.float64)
    for limb in reversed(a[:-1]):
        total *= _BASE
        total += limb
    return total


def _zeros(like: Limb) -> Limb:
    return np.zeros(len(like), dtype=np.uint64)
