"""Curves drawn with braille dots; what is out of reach is shaded, and a level a dashed line.

7.9 ┤░░░░░╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    │░░░░░  ⣀⡠⠤B─⠒⠒⠒⠒⠒⠒⠒B
    │░░░⡠⠔⠊⠁     ⣀⡠⠤⠤⠤⠒A
  0 ┤A
     1    2     4     8
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ..text import Text

_BLANK: Final = 0x2800
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row and column
OUT_OF_REACH: Final = "░"
LEVEL: Final = "╌"


class Curve(NamedTuple):
    """A value for each point of the axis; at the points stands its letter."""

    letter: str
    style: str
    values: Sequence[float]


class _Cell(NamedTuple):
    char: str
    style: str


class Canvas:
    """`columns` × `rows` cells of 2 × 4 dots. Points are evenly spaced, values from 0 to `top`."""

    def __init__(self, columns: int, rows: int, points: int, top: float) -> None:
        self.columns, self.rows = columns, rows
        self._points, self._top = points, top
        self._dots: dict[tuple[int, int], int] = {}
        self._cells: dict[tuple[int, int], _Cell] = {}

    def column_of(self, point: int) -> int:
        """The column of cells in which a point lies."""
        return self._x(point) // 2

    def draw(self, curve: Curve) -> None:
        """Draw over what is there: the last curve is seen whole."""
        before = self._row_of(curve.values[0])
        for x in range(2 * self.columns):
            row = self._row_of(self._between(curve.values, x))
            for each in range(min(before, row), max(before, row) + 1):
                self._dot(x, each, curve.style)
            before = row
        for point, value in enumerate(curve.values):
            place = self.column_of(point), self.row_of(value)
            self._cells[place] = _Cell(curve.letter, f"bold {curve.style}")

    def row_of(self, value: float) -> int:
        """The row of cells in which a value lies; 0 is the top."""
        return self._row_of(value) // 4

    def lines(self, limits: Sequence[float], level: float = 0.0) -> Iterator[Text]:
        """From top to bottom; behind the curves, a dashed line at the `level`.

        Cells that lie above the `limits` at the points are shaded.
        """
        for row in range(self.rows):
            at_level = level > 0 and row == self.row_of(level)
            line = Text()
            floor = self._top * (self.rows - 1 - row) / self.rows
            for column in range(self.columns):
                out = floor >= self._between(limits, 2 * column)
                empty = _Cell(OUT_OF_REACH if out else LEVEL if at_level else " ", "dim")
                line.append(*self._cells.get((column, row), empty))
            yield line

    def _dot(self, x: int, row: int, style: str) -> None:
        place = x // 2, row // 4
        dots = self._dots.get(place, 0) | _DOTS[row % 4][x % 2]
        self._dots[place] = dots
        self._cells[place] = _Cell(chr(_BLANK | dots), style)

    def _x(self, point: int) -> int:
        return round(point * (2 * self.columns - 1) / max(1, self._points - 1))

    def _between(self, values: Sequence[float], x: int) -> float:
        """The value at a column of dots, on the straight line between two points."""
        place = x * (self._points - 1) / (2 * self.columns - 1)
        point = min(int(place), max(0, self._points - 2))
        after = values[min(point + 1, len(values) - 1)]
        return values[point] + (after - values[point]) * (place - point)

    def _row_of(self, value: float) -> int:
        """The row of dots of a value; 0 is the top."""
        last = 4 * self.rows - 1
        return last - min(last, max(0, round(value / self._top * last)))
