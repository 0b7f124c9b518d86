"""Unsigned integers of any width in limbs of 32 bits: sums and products of all rows at once.

A number is a list of arrays, the least significant limb first: uint64[n], or uint64[1] for a
constant, each value below 2^32. Results are exact, with leading zeros where they may have been
needed: see `trimmed`.

Source: Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithms A, S and M.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Limb = NDArray[np.uint64]
Limbs = list[Limb]
LIMB_BITS: Final = 32
_BITS: Final = np.uint64(LIMB_BITS)
_MASK: Final = np.uint64(2**LIMB_BITS - 1)
_BORROW: Final = np.uint64(63)
_ZERO: Final = np.zeros(1, dtype=np.uint64)

# Of the memory on top of its heap, glibc gives back all beyond twice the largest array that was
# freed so far. The intermediates of 10,000 rows are more than that at first, and to be given the
# same memory again and again takes longer than what is computed in it: free a large one, once.
np.empty(1 << 22, dtype=np.uint8)


def split(values: Limb) -> Limbs:
    """The limbs of values of 64 bits; a single one if all are below 2^32."""
    high = values >> _BITS
    return [values & _MASK, high] if np.count_nonzero(high) else [values]


def constant(value: int) -> Limbs:
    """The limbs of an integer from 0."""
    count = max(1, -(-value.bit_length() // LIMB_BITS))
    return [np.array([value >> LIMB_BITS * n & int(_MASK)], np.uint64) for n in range(count)]


def joined(limbs: Limbs) -> Limb:
    """The lowest 64 bits."""
    return limbs[0] if len(limbs) == 1 else limbs[0] | (limbs[1] << _BITS)


def whole(limbs: Limbs, count: int) -> Limbs:
    """The same with all limbs of `count` rows."""
    return [limb if len(limb) == count else np.broadcast_to(limb, count) for limb in limbs]


def trimmed(limbs: Limbs, live: NDArray[np.bool_]) -> Limbs:
    """The same without leading limbs that are zero in all `live` rows; at least one limb."""
    count = len(limbs)
    while count > 1 and not _any_live(limbs[count - 1], live):
        count -= 1
    return limbs[:count]


def is_zero(limbs: Limbs) -> NDArray[np.bool_]:
    """Rows that are zero."""
    every = limbs[0]
    for limb in limbs[1:]:
        every = every | limb
    return every == 0


def less(a: Limbs, b: Limbs) -> NDArray[np.bool_]:
    """Rows in which a < b."""
    lower = joined(a) < joined(b)
    for n in range(2, max(len(a), len(b)), 2):
        left, right = joined(a[n:] or [_ZERO]), joined(b[n:] or [_ZERO])
        lower = (left < right) | ((left == right) & lower)
    return lower


def equal(a: Limbs, b: Limbs) -> NDArray[np.bool_]:
    """Rows in which a == b."""
    same = joined(a) == joined(b)
    for n in range(2, max(len(a), len(b)), 2):
        same = same & (joined(a[n:] or [_ZERO]) == joined(b[n:] or [_ZERO]))
    return same


def add(a: Limbs, b: Limbs) -> Limbs:
    """a + b."""
    total: Limbs = []
    carry = _ZERO
    for n in range(max(len(a), len(b))):
        each = limb_of(a, n) + limb_of(b, n) + carry
        total.append(each & _MASK)
        carry = each >> _BITS
    return [*total, carry]


def subtract(a: Limbs, b: Limbs) -> Limbs:
    """a - b, for rows in which a ≥ b; undefined in others."""
    difference: Limbs = []
    borrow = _ZERO
    for n in range(max(len(a), len(b))):
        each = limb_of(a, n) - limb_of(b, n) - borrow
        difference.append(each & _MASK)
        borrow = each >> _BORROW
    return difference


def multiply(a: Limbs, b: Limbs) -> Limbs:
    """a * b."""
    if len(b[0]) == 1:  # a constant, whose zeros are skipped
        a, b = b, a
    product: list[Limb | None] = [None] * (len(a) + len(b))
    for i, left in enumerate(a):
        if _is_nothing(left):
            continue
        carry: Limb | None = None
        for j, right in enumerate(b):
            # At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
            each = left * right
            for more in (product[i + j], carry):
                if more is not None:
                    each = each + more
            product[i + j] = each & _MASK
            carry = each >> _BITS
        product[i + len(b)] = carry
    return [_ZERO if limb is None else limb for limb in product]


def complement(a: Limbs) -> Limbs:
    """-a in two's complement of as many limbs."""
    turned: Limbs = []
    carry = np.ones(1, dtype=np.uint64)
    for limb in a:
        each = (limb ^ _MASK) + carry
        turned.append(each & _MASK)
        carry = each >> _BITS
    return turned


def shifted_right(a: Limbs, places: int) -> Limbs:
    """a >> places."""
    skipped, bits = divmod(places, LIMB_BITS)
    kept = a[skipped:] or [_ZERO]
    if not bits:
        return kept
    down, up = np.uint64(bits), np.uint64(LIMB_BITS - bits)
    above = [*kept[1:], _ZERO]
    return [(low >> down) | ((high << up) & _MASK) for low, high in zip(kept, above, strict=True)]


def choose(condition: NDArray[np.bool_], a: Limbs, b: Limbs) -> Limbs:
    """`a` in rows where the condition holds, else `b`."""
    return [np.where(condition, limb_of(a, n), limb_of(b, n)) for n in range(max(len(a), len(b)))]


def to_integers(a: Limbs) -> list[int]:
    """Python's integers."""
    words = np.empty((row_count(a), len(a)), dtype="<u4")
    for n, limb in enumerate(a):
        words[:, n] = limb
    return [int.from_bytes(row.tobytes(), "little") for row in words]


def of_integers(values: Sequence[int]) -> Limbs:
    """The limbs of Python's integers from 0."""
    size = max(1, *(-(-value.bit_length() // LIMB_BITS) for value in values))
    raw = b"".join(value.to_bytes(4 * size, "little") for value in values)
    words = np.frombuffer(raw, dtype="<u4").reshape(len(values), size)
    return [words[:, n].astype(np.uint64) for n in range(size)]


def row_count(*numbers: Limbs) -> int:
    """The rows of these numbers; 1 if all are constants."""
    return max(len(limb) for number in numbers for limb in number)


def limb_of(a: Limbs, place: int) -> Limb:
    """The limb at a place; zero beyond the last."""
    return a[place] if place < len(a) else _ZERO


def _is_nothing(limb: Limb) -> bool:
    return limb.shape == (1,) and not limb[0]


def _any_live(limb: Limb, live: NDArray[np.bool_]) -> bool:
    # To count is faster than `any`, for few rows.
    return bool(np.count_nonzero(limb)) and bool((limb.astype(np.bool_) & live).any())
