"""A survey as CSV (RFC 4180, lines ended as on Unix): a line of names, then a line a row.

Several texts in one cell are separated by ` | `; what is not known is empty. Numbers are written in
full, so that reading them gives the same numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from .columns import COLUMNS, Cell
from .row import Row

SEPARATOR = " | "


def csv_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The lines, without their ends: no cell has one in it."""
    yield _line([column.name for column in COLUMNS])
    for row in rows:
        yield _line([_text(column.cell(row)) for column in COLUMNS])


def _line(cells: Sequence[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    text = SEPARATOR.join(cell) if isinstance(cell, tuple) else str(cell)
    return " ".join(text.splitlines())
