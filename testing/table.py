"""Plain text in columns, for reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_GAP: Final = "  "


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, with every column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
