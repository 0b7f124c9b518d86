"""The waves of a block as rows with bars; for a small block, with the ids in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Waves
from .bar import bar
from .page import Page, columns, count
from .text import Text
from .wave_rows import wave_rows

_ROWS_MAX: Final = 20
_IDS_SHOWN_MAX: Final = 60  # with more transactions, only widths are shown
_LABELS_WIDTH: Final = 20  # columns reserved for wave numbers and widths
_BAR_MIN: Final = 8
_COST_WIDTH: Final = 12
_COSTS_WIDTH_MIN: Final = 60  # for ids and costs side by side


def show_waves(
    waves: Waves, ids: Sequence[str], page: Page, costs: NDArray[np.int64] | None = None
) -> None:
    """Show the waves under a heading, with what each costs if `costs` are given, and not all one.

    Nothing for an empty block.
    """
    if not ids:
        return
    page.heading("Waves", "by count: transactions that can run together, one step after another")
    widths = [len(wave) for wave in waves]
    named = len(ids) <= _IDS_SHOWN_MAX
    sums = [] if named and page.width < _COSTS_WIDTH_MIN else _costs_of(waves, costs)
    room = max(
        _BAR_MIN, (page.width - _LABELS_WIDTH - _COST_WIDTH * bool(sums)) // (4 if named else 1)
    )
    headers = ["wave", "width", "", *["cost"] * bool(sums), *["transactions"] * named]
    table = columns(*headers, right="wave width cost")
    rows = wave_rows(widths, _ROWS_MAX)
    widest = max((row.width for row in rows), default=0)
    for row in rows:
        cells = [row.label, row.width_text, Text(bar(row.width, widest, room), "cyan")]
        if sums:
            cells.append(count(sum(sums[row.first : row.last + 1])))
        if named:
            first, stop = waves.offsets[row.first], waves.offsets[row.last + 1]
            positions: list[int] = waves.order[first:stop].tolist()
            cells.append(Text(" ".join(page.key(ids[position]) for position in positions)))
        table.add_row(*cells)
    page.show(table)


def _costs_of(waves: Waves, costs: NDArray[np.int64] | None) -> list[int]:
    """What each wave costs; empty if nothing tells, or if that is the same as its width."""
    if costs is None or (costs == 1).all():
        return []
    # As Python's integers, since costs may sum to more than 63 bits.
    sums: list[int] = [sum(costs[wave].tolist()) for wave in waves]
    return sums
