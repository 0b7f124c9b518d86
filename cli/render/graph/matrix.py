"""The conflict matrix in block order: above the diagonal who waits directly, below all conflicts.

A large block is drawn in braille dots, each for a square of pairs if there are too many.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ....scheduler.picture.all_conflicts import (
    TRANSACTIONS_COUNTED_MAX,
    conflict_grid,
    edge_grid,
)
from ....scheduler.picture.part import Part
from ..page import Page, columns, count
from ..text import Text

_NAMED_MAX: Final = 24  # transactions: each in a row of its own
_COLUMNS_MAX: Final = 100
_LABELS_WIDTH: Final = 8
_BRAILLE: Final = 0x2800
# The bit of each dot of a braille character, by row and column.
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_ROWS_A_TICK: Final = 4
_DIRECT, _ALL, _SELF = "cyan", "magenta", "dim"


def show_matrix(part: Part, page: Page) -> None:
    """Show the matrix, and how many edges stand for how many conflicts."""
    block = part.block
    page.heading("Conflict matrix", "rows and columns in the order of the file")
    if len(block) > TRANSACTIONS_COUNTED_MAX:
        limit = count(TRANSACTIONS_COUNTED_MAX)
        page.show(f"It is drawn up to {limit} transactions: choose some, as with --account.")
        return
    if len(block) <= _NAMED_MAX and 2 * len(block) + _LABELS_WIDTH <= page.drawing_width:
        conflicts = _show_named(part, page)
    else:
        conflicts = _show_dots(part, page)
    page.show(Text(_explained(block.dag.edge_count, conflicts), "dim"))


def _explained(edges: int, conflicts: int) -> str:
    return (
        f"Above the diagonal, who waits directly: {count(edges)}; below it, all who conflict: "
        f"{count(conflicts)}. Who conflicts with a whole chain waits for its last one alone."
    )


def _show_named(part: Part, page: Page) -> int:
    block = part.block
    size = len(block)
    conflicts = conflict_grid(block.access, size)
    edges = edge_grid(block.dag.order, size)
    table = columns("", "", "")
    for row in range(size):
        cells = Text()
        for column in range(size):
            cells.append(*_named_cell(row, column, edges, conflicts))
            cells.append(" ")
        table.add_row(count(row), cells, Text(page.key(block.ids[row])))
    page.show(table)
    return int(conflicts.sum())


def _named_cell(
    row: int, column: int, edges: NDArray[np.int64], conflicts: NDArray[np.int64]
) -> tuple[str, str]:
    if row == column:
        return "╲", _SELF
    if column > row:
        return ("■", _DIRECT) if edges[row, column] else ("·", _SELF)
    return ("■", _ALL) if conflicts[row, column] else ("·", _SELF)


def _show_dots(part: Part, page: Page) -> int:
    block = part.block
    room = min(_COLUMNS_MAX, page.drawing_width - _LABELS_WIDTH)
    cells = min(len(block), 2 * room)
    conflicts = conflict_grid(block.access, cells)
    dots = (conflicts > 0) | (edge_grid(block.dag.order, cells) > 0)
    np.fill_diagonal(dots, val=True)
    pairs = -(-len(block) // cells)
    size = "a pair" if pairs == 1 else f"up to {pairs} × {pairs} pairs"
    page.show(Text(f"a dot is {size}, and is set if any of them conflict", "dim"))
    table = columns("", "")
    for row, line in enumerate(_braille(dots)):
        first = row * 4 * len(block) // cells
        table.add_row(Text(count(first) if row % _ROWS_A_TICK == 0 else "", "dim"), line)
    page.show(table)
    return int(conflicts.sum())


def _braille(dots: NDArray[np.bool_]) -> list[Text]:
    size = len(dots)
    padded = np.zeros((-(-size // 4) * 4, -(-size // 2) * 2), np.bool_)
    padded[:size, :size] = dots
    codes = np.full((len(padded) // 4, padded.shape[1] // 2), _BRAILLE)
    for row, bits in enumerate(_DOTS):
        for column, bit in enumerate(bits):
            codes += padded[row::4, column::2] * bit
    return [_line(row, line) for row, line in enumerate(codes.tolist())]


def _line(row: int, codes: list[int]) -> Text:
    text = Text()
    for column, code in enumerate(codes):
        middle = 4 * row + 2 - (2 * column + 1)  # below the diagonal: positive
        style = _SELF if abs(middle) < 2 else _ALL if middle > 0 else _DIRECT
        text.append(" " if code == _BRAILLE else chr(code), style)
    text.rstrip()
    return text
