"""A wave drawn as one strip of cells: coloured by the account that holds its transactions back.

Each of the worst accounts has a letter as well as a colour, so that a strip reads the same without
colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .text import Text

STYLES: Final = (
    "black on yellow",
    "black on cyan",
    "black on magenta",
    "black on green",
    "white on blue",
    "white on red",
)
LETTERS: Final = "ABCDEF"
OTHERS: Final = "▒"
FREE: Final = "░"
BEYOND: Final = "▸"
_CELL_SIZES: Final = (1, 2, 5)


def cell_size(widths: Sequence[float], room: int) -> int:
    """How many transactions a cell stands for: 1, 2, 5, 10, …, so that most strips fit the room.

    Few waves are very wide; drawn to their scale, the narrow ones would vanish.
    """
    typical = sorted(widths)[(len(widths) - 1) * 3 // 4] if widths else 0
    scale = 1
    while True:
        for size in _CELL_SIZES:
            if typical <= size * scale * room:
                return size * scale
        scale *= 10


def strip(counts: Sequence[float], cells: int, room: int) -> Text:
    """`cells` cells in proportion to `counts`: by lettered account, for others, and free ones.

    Beyond `room` cells, the strip is cut and ends in an arrow.
    """
    text = Text()
    for place, share in enumerate(_shares(counts, cells)):
        unlettered = place - (len(counts) - 2)
        if unlettered < 0:
            text.append(LETTERS[place] * share, STYLES[place])
        else:
            text.append((OTHERS, FREE)[unlettered] * share, "dim")
    if cells > room:
        text.truncate(room - 1)
        text.append(BEYOND, "dim")
    return text


def _shares(counts: Sequence[float], cells: int) -> list[int]:
    """Whole cells in proportion to counts, summing up exactly: the largest remainders win."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [value * cells / total for value in counts]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(counts)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: cells - sum(shares)]:
        shares[place] += 1
    return shares
