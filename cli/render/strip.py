"""Draws a wave as a strip of cells, coloured by the blocking account.

Each of the worst accounts has a letter as well as a colour, so that a strip can be read without
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
    """The number of transactions per cell: 1, 2, 5, 10, …, so that most strips fit in `room`.

    Few waves are very wide; at a scale that fits them, narrow ones would vanish.
    """
    typical = sorted(widths)[(len(widths) - 1) * 3 // 4] if widths else 0
    scale = 1
    while True:
        for size in _CELL_SIZES:
            if typical <= size * scale * room:
                return size * scale
        scale *= 10


def strip(counts: Sequence[float], cells: int, room: int) -> Text:
    """`cells` cells in proportion to `counts`: per lettered account, other accounts, unblocked.

    A strip of more than `room` cells is cut and ends in an arrow.
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
    """Integer cells in proportion to counts with an exact sum, by the largest remainder method."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [value * cells / total for value in counts]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(counts)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: cells - sum(shares)]:
        shares[place] += 1
    return shares
