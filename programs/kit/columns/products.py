"""Exact products, quotients and roots, in scalar and batch handlers alike.

Guarantees: results are those of Python's integers, whatever the size of an intermediate product. In
a batch handler, a result beyond 256 bits, a divisor of 0 and the root of a negative integer exclude
their rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .integers import IntColumn, held_integers, of_wide, power_of_two, product_fits, wide
from .rows import Rows
from .wide_integers import WideIntegers


def mul_div(a: Any, b: Any, divisor: Any) -> Any:
    """`a * b // divisor` with an exact intermediate product, for ints and columns.

    >>> mul_div(2**63, 10, 3) == 2**63 * 10 // 3
    True
    """
    rows = _rows_of(a, b, divisor)
    if rows is None:
        return a * b // divisor
    numerators = _narrow_product(rows, a, b)
    if numerators is not None:
        return IntColumn(rows, numerators) // divisor
    return _quotient(rows, _product(rows, a, b), divisor)


def mul_div_up(a: Any, b: Any, divisor: Any) -> Any:
    """`a * b / divisor`, exact and rounded up, towards positive infinity; for ints and columns.

    >>> mul_div_up(10, 10, 3), mul_div_up(-10, 10, 3)
    (34, -33)
    """
    rows = _rows_of(a, b, divisor)
    if rows is None:
        return -(-a * b // divisor)
    numerators = _narrow_product(rows, a, b)
    if numerators is not None:
        return div_up(IntColumn(rows, numerators), divisor)
    return _quotient(rows, _product(rows, a, b), divisor, up=True)


def div_up(dividend: Any, divisor: Any) -> Any:
    """`dividend / divisor`, rounded up, towards positive infinity; for ints and columns.

    >>> div_up(7, 2), div_up(-7, 2)
    (4, -3)
    """
    rows = _rows_of(dividend, divisor)
    if rows is None:
        return -(-dividend // divisor)
    held = held_integers(rows, dividend)
    if isinstance(held, WideIntegers):
        return _quotient(rows, held, divisor, up=True)
    quotient = dividend // divisor
    return quotient + _one_where((quotient * divisor != dividend).values, rows)


def isqrt(n: Any) -> Any:
    """The integer square root, rounded down; for ints and columns.

    >>> isqrt(99), isqrt(2**256 - 1) == 2**128 - 1
    (9, True)
    """
    if type(n) is not IntColumn:
        return math.isqrt(n)
    n.rows.exclude((n < 0).values)
    return of_wide(n.rows, n.widened().root())


def _rows_of(*values: Any) -> Rows | None:
    columns = [value for value in values if type(value) is IntColumn]
    return columns[0].rows if columns else None


def _product(rows: Rows, a: Any, b: Any) -> WideIntegers:
    return wide(held_integers(rows, a)).multiply(wide(held_integers(rows, b)))


def _narrow_product(rows: Rows, a: Any, b: Any) -> NDArray[Any] | None:
    """a * b if both are of one dtype of 64 bits, and so is the product."""
    left, right = held_integers(rows, a), held_integers(rows, b)
    if isinstance(left, WideIntegers) or isinstance(right, WideIntegers):
        return None
    if left.dtype != right.dtype or not product_fits(rows, left, right):
        return None
    return left * right


def _quotient(rows: Rows, numerators: WideIntegers, divisor: Any, *, up: bool = False) -> IntColumn:
    """Of numerators of any width, rounded down or up."""
    below = wide(held_integers(rows, divisor))
    zero = below.is_zero()
    if zero.any():
        rows.exclude(zero)
        below = below.where(~zero, WideIntegers.of_constant(1))
    numerators = numerators.trimmed(rows.count, ~rows.excluded)
    places = power_of_two(divisor)
    if places is not None and not up:
        return of_wide(rows, numerators.shifted_right(places))
    quotient, rest = numerators.divide(below)
    if up:
        quotient = quotient.add(wide((~rest.is_zero()).astype(np.uint64)))
    return of_wide(rows, quotient)


def _one_where(condition: NDArray[np.bool_], rows: Rows) -> IntColumn:
    return IntColumn(rows, condition.astype(np.uint64))
