"""Where in a row of places something lies: a shade for each stretch, by its share of the places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_SHADES: Final = "░▒▓█"
_NOTHING: Final = "·"
LEGEND: Final = "░ up to a quarter · ▒ half · ▓ three quarters · █ more"


def density(places: Iterable[int], count: int, room: int) -> str:
    """At most `room` cells for places 0 … count-1, of nearly the same size, shaded by how many of a
    cell's places are among `places`.

    >>> density([0, 1, 2, 9], count=10, room=5)
    '█▒··▒'
    """
    cells = min(count, room)
    found = [0] * cells
    for place in places:
        found[place * cells // count] += 1
    sizes = [_first(cell + 1, count, cells) - _first(cell, count, cells) for cell in range(cells)]
    return "".join(map(_shade, found, sizes))


def _first(cell: int, count: int, cells: int) -> int:
    """The first place of a cell."""
    return -(-cell * count // cells)


def _shade(found: int, size: int) -> str:
    if not found:
        return _NOTHING
    return _SHADES[(found * len(_SHADES) - 1) // size]
