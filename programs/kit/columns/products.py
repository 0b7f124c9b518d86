"""Exact products, quotients and roots, in scalar and batch handlers alike.

Guarantees: results are those of Python's integers, whatever the size of an intermediate product.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .columns import IntColumn, integer_values, product_fits


def mul_div(a: Any, b: Any, divisor: Any) -> Any:
    """`a * b // divisor` with an exact intermediate product, for ints and columns.

    >>> mul_div(2**63, 10, 3) == 2**63 * 10 // 3
    True
    """
    columns = [x for x in (a, b, divisor) if type(x) is IntColumn]
    if not columns:
        return a * b // divisor
    rows = columns[0].rows
    left, right, below = (integer_values(rows, x) for x in (a, b, divisor))
    unsigned = left.dtype == right.dtype == below.dtype == np.uint64
    small = product_fits(left, right) if unsigned else np.zeros(rows.count, dtype=np.bool_)
    zero = below == 0
    rows.exclude(zero)
    safe_divisor = np.where(zero, below.dtype.type(1), below)
    result = left * right // safe_divisor if unsigned else np.zeros(rows.count, np.int64)
    for row in np.flatnonzero(~small & ~rows.excluded).tolist():
        exact = int(left[row]) * int(right[row]) // int(safe_divisor[row])
        if not int(np.iinfo(result.dtype).min) <= exact <= int(np.iinfo(result.dtype).max):
            rows.exclude(np.arange(rows.count) == row)
        else:
            result[row] = exact
    return IntColumn(rows, result)


def mul_div_up(a: Any, b: Any, divisor: Any) -> Any:
    """`a * b / divisor`, exact and rounded up, towards positive infinity.

    >>> mul_div_up(10, 10, 3), mul_div_up(-10, 10, 3)
    (34, -33)
    """
    _require_plain(a, b, divisor)
    return -(-a * b // divisor)


def isqrt(n: Any) -> Any:
    """The integer square root, rounded down.

    >>> isqrt(99), isqrt(2**256 - 1) == 2**128 - 1
    (9, True)
    """
    _require_plain(n)
    return math.isqrt(n)


def _require_plain(*values: Any) -> None:
    for column in (value for value in values if type(value) is IntColumn):
        raise column.rows.refuse("only the scalar handler computes this")
