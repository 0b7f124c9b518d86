"""Both rules of Ed25519, written down from their definitions with integers, and no library.

Slow, a few milliseconds a signature, and not for secrets. Sources: RFC 8032, section 5.1; ZIP-215.
"""

from __future__ import annotations

import hashlib
from itertools import product
from typing import Final, NamedTuple

P: Final = 2**255 - 19
L: Final = 2**252 + 27742317777372353535851937790883648493
D: Final = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE: Final = pow(2, (P - 1) // 4, P)
SIGN: Final = 1 << 255


class Point(NamedTuple):
    x: int
    y: int


NEUTRAL: Final = Point(0, 1)


def strict(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Neither point of small order; [S]B = R + [k]A."""
    parts = _parts(public_key, message, signature)
    if parts is None:
        return False
    key, commitment, s, k = parts
    if NEUTRAL in (times(8, key), times(8, commitment)):
        return False
    return times(s, BASE) == plus(commitment, times(k, key))


def zip215(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """[8][S]B = [8]R + [8][k]A."""
    parts = _parts(public_key, message, signature)
    if parts is None:
        return False
    key, commitment, s, k = parts
    return times(8 * s, BASE) == plus(times(8, commitment), times(8 * k, key))


def _parts(
    public_key: bytes, message: bytes, signature: bytes
) -> tuple[Point, Point, int, int] | None:
    """A, R, S and k; None where one of them cannot be had, by both rules."""
    if len(public_key) != 32 or len(signature) != 64:
        return None
    key, commitment = decoded(public_key), decoded(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or s >= L:
        return None
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    return key, commitment, s, int.from_bytes(digest, "little") % L


def decoded(raw: bytes) -> Point | None:
    """The point of an encoding; its y need not be reduced, and 0 may have either sign."""
    number = int.from_bytes(raw, "little")
    y = number % SIGN % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square:
        return None
    return Point(-x % P if x & 1 != number >> 255 else x, y)


def encodings(point: Point) -> list[bytes]:
    """Every encoding that decodes to a point, the canonical one first."""
    ys = [point.y] if point.y >= SIGN - P else [point.y, point.y + P]
    signs = (0, 1) if point.x == 0 else (point.x & 1,)
    return [(y | sign << 255).to_bytes(32, "little") for y, sign in product(ys, signs)]


def encoded(point: Point) -> bytes:
    return encodings(point)[0]


def plus(one: Point, other: Point) -> Point:
    return _affine(_sum(_extended(one), _extended(other)))


def times(factor: int, point: Point) -> Point:
    found, doubled = _extended(NEUTRAL), _extended(point)
    while factor:
        if factor & 1:
            found = _sum(found, doubled)
        doubled = _sum(doubled, doubled)
        factor >>= 1
    return _affine(found)


_Extended = tuple[int, int, int, int]


def _extended(point: Point) -> _Extended:
    """X, Y, Z and XY/Z: so that sums need no inverses, which take the time."""
    return point.x, point.y, 1, point.x * point.y % P


def _affine(point: _Extended) -> Point:
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return Point(x * inverse % P, y * inverse % P)


def _sum(one: _Extended, other: _Extended) -> _Extended:
    """RFC 8032, section 5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0])
    b = (one[1] + one[0]) * (other[1] + other[0])
    c = 2 * D * one[3] * other[3]
    d = 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _base() -> Point:
    found = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert found is not None
    return found


def _torsion() -> list[Point]:
    """The eight points of small order: the multiples of one of order 8."""
    y = 2
    while True:
        y += 1
        point = decoded(y.to_bytes(32, "little"))
        generator = None if point is None else times(L, point)
        if generator is not None and times(4, generator) != NEUTRAL:
            return [times(factor, generator) for factor in range(8)]


BASE: Final = _base()
TORSION: Final = _torsion()
