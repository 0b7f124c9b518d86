"""Waves as rows of a drawing: one row each if they fit, else neighbours of similar width merged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

# Merging is quadratic; above this, neighbours are first merged evenly.
_ROWS_MERGED_MAX: Final = 400


class WaveRow(NamedTuple):
    """Waves `first` to `last` inclusive, with `transactions` in total."""

    first: int
    last: int
    transactions: int

    @property
    def waves(self) -> int:
        return self.last - self.first + 1

    @property
    def width(self) -> float:
        """The mean number of transactions per wave."""
        return self.transactions / self.waves

    @property
    def label(self) -> str:
        return f"{self.first:,}" if self.waves == 1 else f"{self.first:,}–{self.last:,}"

    @property
    def width_text(self) -> str:
        return f"{self.transactions:,}" if self.waves == 1 else f"{self.width:,.1f}"


def wave_rows(widths: Sequence[int], rows_max: int) -> list[WaveRow]:
    """At most `rows_max` rows, merging neighbours of similar width."""
    rows = [WaveRow(wave, wave, width) for wave, width in enumerate(widths)]
    if len(rows) <= rows_max:
        return rows
    rows = _evenly(_runs(rows))
    while len(rows) > rows_max:
        gaps = [_gap(left, right) for left, right in pairwise(rows)]
        closest = gaps.index(min(gaps))
        rows[closest : closest + 2] = [_joined(rows[closest], rows[closest + 1])]
    return rows


def _runs(rows: list[WaveRow]) -> list[WaveRow]:
    """Merge neighbours of the same width."""
    runs = rows[:1]
    for row in rows[1:]:
        if row.width == runs[-1].width:
            runs[-1] = _joined(runs[-1], row)
        else:
            runs.append(row)
    return runs


def _evenly(rows: list[WaveRow]) -> list[WaveRow]:
    step = -(-len(rows) // _ROWS_MERGED_MAX)
    return [_joined(*rows[start : start + step]) for start in range(0, len(rows), step)]


def _joined(*rows: WaveRow) -> WaveRow:
    return WaveRow(rows[0].first, rows[-1].last, sum(row.transactions for row in rows))


def _gap(left: WaveRow, right: WaveRow) -> float:
    """The squared error added by merging the two rows (Ward's criterion)."""
    together = left.waves * right.waves / (left.waves + right.waves)
    return together * (left.width - right.width) ** 2
