"""The waves of a block as rows with bars; for a small block, with the ids in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...scheduler import Waves
from .bar import bar
from .page import Page, columns
from .text import Text
from .wave_rows import wave_rows

_ROWS_MAX: Final = 20
_IDS_SHOWN_MAX: Final = 60  # with more transactions, only widths are shown
_LABELS_WIDTH: Final = 20  # columns reserved for wave numbers and widths
_BAR_MIN: Final = 8


def show_waves(waves: Waves, ids: Sequence[str], page: Page) -> None:
    """Show the waves under a heading; nothing for an empty block."""
    if not ids:
        return
    page.heading("Waves")
    widths = [len(wave) for wave in waves]
    named = len(ids) <= _IDS_SHOWN_MAX
    room = max(_BAR_MIN, (page.width - _LABELS_WIDTH) // (4 if named else 1))
    table = columns("wave", "width", "", *(["transactions"] if named else []), right="wave width")
    rows = wave_rows(widths, _ROWS_MAX)
    widest = max((row.width for row in rows), default=0)
    for row in rows:
        cells = [row.label, row.width_text, Text(bar(row.width, widest, room), "cyan")]
        if named:
            positions: list[int] = waves.order[
                waves.offsets[row.first] : waves.offsets[row.last + 1]
            ].tolist()
            cells.append(Text(" ".join(page.key(ids[position]) for position in positions)))
        table.add_row(*cells)
    page.show(table)
