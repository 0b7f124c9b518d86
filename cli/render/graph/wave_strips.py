"""Waves by count: a strip for each, with a letter for what its transactions wait for.

A small block has its transactions named instead.
"""

from __future__ import annotations

from typing import Final

from ....scheduler.picture.part import Part
from ....scheduler.picture.wave_bottlenecks import WaveBottlenecks
from ..bar import bar
from ..page import Page, columns, count
from ..strip import FREE, LETTERS, OTHERS, STYLES, cell_size, strip
from ..text import Text
from ..wave_rows import wave_rows
from .edge_table import nobody_waits

_STRIP_MIN: Final = 8
_LABELS_WIDTH: Final = 20  # columns reserved for wave numbers and widths
_ACCOUNT_COLUMNS_WIDTH: Final = 46
_BAR_MAX: Final = 40
_ON_PATH: Final = "◆"
_OFF_PATH: Final = "●"


def show_named_waves(part: Part, page: Page) -> None:
    """Show every transaction in the row of its wave."""
    page.heading("Waves", f"{_ON_PATH} on the critical path")
    table = columns("wave", "transactions", right="wave")
    for number, places in part.waves.items():
        text = Text()
        for place in places:
            on_path = part.is_critical[place]
            name = page.key(part.block.ids[place]).replace(" ", "\u00a0")
            mark = _ON_PATH if on_path else _OFF_PATH
            text.append(f"{mark}\u00a0{name}", "yellow" if on_path else "cyan")
            text.append("  ")
        table.add_row(count(number), text)
    page.show(table)


def show_wave_strips(part: Part, page: Page, rows_max: int) -> None:
    """Show waves as strips of cells, lettered by the blocking account."""
    if not len(part):
        return
    whole = part.whole
    found = WaveBottlenecks.of(whole.access, whole.dag.waves, len(LETTERS))
    counts = found.by_wave(part.positions)
    numbers = list(part.waves)
    rows = wave_rows([len(part.waves[number]) for number in numbers], rows_max)
    room = max(_STRIP_MIN, page.width - _LABELS_WIDTH)
    size = cell_size([row.width for row in rows], room)
    cell = "a cell is a transaction" if size == 1 else f"a cell is {count(size)} transactions"
    page.heading("Waves by count", f"{cell}; letters: what it waits for")
    table = columns("wave", "width", "", right="wave width")
    for row in rows:
        first, last = numbers[row.first], numbers[row.last]
        label = count(first) if first == last else f"{count(first)}–{count(last)}"
        by_kind: list[int] = counts[first : last + 1].sum(axis=0).tolist()
        cells = max(1, round(row.width / size))
        table.add_row(label, row.width_text, strip(by_kind, cells, room))
    page.show(table)
    _show_legend(part, found, page)


def _show_legend(part: Part, found: WaveBottlenecks, page: Page) -> None:
    """Show which account each letter stands for, and how much of the part waits for it."""
    waiting: list[int] = found.by_wave(part.positions).sum(axis=0).tolist()
    if not found.bottlenecks:
        page.show("", nobody_waits(part))
        return
    page.show("")
    table = columns("", "account", "wait", "", right="wait")
    room = min(_BAR_MAX, page.width - _ACCOUNT_COLUMNS_WIDTH)
    for place, (account, _) in enumerate(found.bottlenecks):
        if waiting[place]:
            table.add_row(
                Text(f" {LETTERS[place]} ", STYLES[place]),
                page.account(part.whole.names[account], part.whole.about, account),
                count(waiting[place]),
                Text(bar(waiting[place], max(waiting), room) if room >= _STRIP_MIN else "", "dim"),
            )
    table.add_row(Text(f" {OTHERS} "), Text("others", "dim"), count(waiting[-2]))
    table.add_row(Text(f" {FREE} "), Text("nobody", "dim"), count(waiting[-1]))
    page.show(table)
