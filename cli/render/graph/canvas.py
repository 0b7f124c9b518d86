"""A grid of characters to draw boxes and lines on; lines that meet are joined.

Each line belongs to a net. Where two lines of one net meet, they are joined; where lines of two
nets cross, the vertical one is drawn on top: ─│─.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..text import Text

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES: Final = {
    _UP: "│",
    _DOWN: "│",
    _UP | _DOWN: "│",
    _LEFT: "─",
    _RIGHT: "─",
    _LEFT | _RIGHT: "─",
    _DOWN | _RIGHT: "╭",
    _DOWN | _LEFT: "╮",
    _UP | _RIGHT: "╰",
    _UP | _LEFT: "╯",
    _UP | _DOWN | _RIGHT: "├",
    _UP | _DOWN | _LEFT: "┤",
    _DOWN | _LEFT | _RIGHT: "┬",
    _UP | _LEFT | _RIGHT: "┴",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}
_LIGHT: Final = "╭─╮│╰╯"
_HEAVY: Final = "┏━┓┃┗┛"


class Canvas:
    """So many columns wide, and as high as what is drawn. (0, 0) is at the top left."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._texts: dict[tuple[int, int], tuple[str, str]] = {}
        # By cell and net: the directions in which its lines leave the cell.
        self._lines: dict[tuple[int, int], dict[int, int]] = {}
        self._styles: dict[int, str] = {}

    def text(self, x: int, y: int, text: str, style: str = "") -> None:
        """Write over whatever is there. A wide character takes two cells, a combining one none."""
        for char in text:
            width = Text(char).cell_len
            if width == 0 and (x - 1, y) in self._texts:
                self._texts[x - 1, y] = (self._texts[x - 1, y][0] + char, style)
            for place in range(width):
                self._texts[x + place, y] = (char if place == 0 else "", style)
            x += width

    def box(self, x: int, y: int, lines: list[str], width: int, style: str, *, heavy: bool) -> None:
        """A frame of this outer width around centred lines, from (x, y)."""
        corner, across, other, side, below, last = _HEAVY if heavy else _LIGHT
        self.text(x, y, corner + across * (width - 2) + other, style)
        for row, line in enumerate(lines, start=1):
            left, odd = divmod(width - 2 - Text(line).cell_len, 2)
            inner = " " * left + line + " " * (left + odd)
            self.text(x, y + row, side + inner + side, style)
        self.text(x, y + len(lines) + 1, below + across * (width - 2) + last, style)

    def style(self, net: int, style: str) -> None:
        """How the lines of a net look."""
        self._styles[net] = style

    def vertical(self, x: int, top: int, bottom: int, net: int) -> None:
        """A line from row `top` to row `bottom`, inclusive."""
        for y in range(top, bottom):
            self._leave(x, y, net, _DOWN)
            self._leave(x, y + 1, net, _UP)

    def horizontal(self, y: int, left: int, right: int, net: int) -> None:
        """A line from column `left` to column `right`, inclusive."""
        for x in range(left, right):
            self._leave(x, y, net, _RIGHT)
            self._leave(x + 1, y, net, _LEFT)

    def free_from(self, x: int, y: int) -> int:
        """How many cells from here to the right edge are free, up to the first that is not."""
        for at in range(x, self.width):
            if (at, y) in self._texts or (at, y) in self._lines:
                return at - x
        return max(0, self.width - x)

    def rows(self) -> Iterator[Text]:
        """The drawing, line by line."""
        cells = [*self._texts, *self._lines]
        for y in range(max((y for _, y in cells), default=-1) + 1):
            text = Text()
            for x in range(max((x for x, row in cells if row == y), default=-1) + 1):
                text.append(*self._cell(x, y))
            yield text

    def _leave(self, x: int, y: int, net: int, direction: int) -> None:
        nets = self._lines.setdefault((x, y), {})
        nets[net] = nets.get(net, 0) | direction

    def _cell(self, x: int, y: int) -> tuple[str, str]:
        if (x, y) in self._texts:
            return self._texts[x, y]
        nets = self._lines.get((x, y))
        if not nets:
            return " ", ""
        upright = {net: ways for net, ways in nets.items() if ways & (_UP | _DOWN)}
        level = {net: ways for net, ways in nets.items() if ways & (_LEFT | _RIGHT)}
        crossing = upright and not upright.keys() & level.keys()
        shown = upright if crossing else nets
        ways = 0
        for each in shown.values():
            ways |= each
        # Of several nets in a cell, the one whose style was set last: it was meant to stand out.
        net = max(shown, key=list(self._styles).index)
        return _LINES[ways], self._styles[net]
