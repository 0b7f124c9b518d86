"""Waves by cost: a row for each wave, as long as its costliest transaction, on one axis of cost.

Darkness says how many of the wave's transactions still run; the light rest waits for the costliest.
Below, on the same axis, what runs at once without waiting for waves, up to the critical path.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ....scheduler.picture.clocks import BarrierClock, barrier_clock, earliest_starts, mean_running
from ....scheduler.picture.part import Part
from ..page import Page, columns, count
from ..text import Text
from ..wave_rows import wave_rows

_NAMED_MAX: Final = 32  # transactions: each in a row of its own
_LABELS_WIDTH: Final = 18
_ROOM_MIN: Final = 8
_ROOM_MAX: Final = 140
_SHADES: Final = "░▒▓█"
_HEIGHTS: Final = "▁▂▃▄▅▆▇█"
_NUMBERS_WIDTH: Final = 8  # of waves, and what separates columns
_ID_LEN_MIN: Final = 13  # the row `at once` needs it
_ID_LEN_MAX: Final = 20


def show_clock(part: Part, page: Page, rows_max: int) -> None:
    """Show the waves by cost, and why that is not the same as by count."""
    if not len(part):
        return
    costs: list[int] = part.whole.costs.tolist()
    clock = barrier_clock(part.whole.dag.waves, costs)
    page.heading("Waves by cost", "█ the whole wave runs … ░ most of it waits for its costliest")
    if len(part) <= _NAMED_MAX:
        names = [page.key(name)[:_ID_LEN_MAX] for name in part.block.ids]
        _show_named(part, page, clock, names)
    else:
        _show_rows(part, page, clock, rows_max)
    page.show(Text(_explained(part, clock), "dim"))


def _show_rows(part: Part, page: Page, clock: BarrierClock, rows_max: int) -> None:
    numbers, groups = list(part.waves), list(part.waves.values())
    room = _room(page, _LABELS_WIDTH)
    table = columns("wave", "width", "", right="wave width")
    table.columns[-1].header = _axis(clock, room)
    for row in wave_rows([len(group) for group in groups], rows_max):
        first, last = numbers[row.first], numbers[row.last]
        places = [place for group in groups[row.first : row.last + 1] for place in group]
        label = f"{first:,}" if first == last else f"{first:,}–{last:,}"
        table.add_row(label, row.width_text, _shaded(*_running(part, places, clock, room)))
    table.add_row("", "", "")
    peak, drawn = _profile(part, clock, room)
    table.add_row("at once", f"≤ {count(peak)}", drawn)
    page.show(table)


def _show_named(part: Part, page: Page, clock: BarrierClock, names: Sequence[str]) -> None:
    room = _room(page, _NUMBERS_WIDTH + max(_ID_LEN_MIN, *map(len, names)))
    table = columns("wave", "transaction", "", right="wave")
    table.columns[-1].header = _axis(clock, room)
    for number, places in part.waves.items():
        for nth, place in enumerate(places):
            drawn = _shaded(*_running(part, [place], clock, room))
            critical = part.is_critical[place]
            name = Text(names[place], "yellow" if critical else "")
            table.add_row("" if nth else count(number), name, drawn)
    table.add_row("", "", "")
    peak, drawn = _profile(part, clock, room)
    table.add_row("", f"at once, ≤ {count(peak)}", drawn)
    page.show(table)


def _room(page: Page, labels: int) -> int:
    return max(_ROOM_MIN, min(_ROOM_MAX, page.drawing_width - labels))


def _axis(clock: BarrierClock, room: int) -> str:
    """The header over the drawing: 0 to the end of the last wave."""
    end = count(clock.starts[-1])
    return f"0{end:>{room - 1}}" if len(end) < room else end


def _running(
    part: Part, places: Sequence[int], clock: BarrierClock, room: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By column: how many of these run, and how many are in their wave's time, on average."""
    starts = [clock.starts[part.wave_of[place]] for place in places]
    ends = [clock.starts[part.wave_of[place] + 1] for place in places]
    costs = part.block.costs[list(places)].tolist()
    done = [start + cost for start, cost in zip(starts, costs, strict=True)]
    span = (0, clock.starts[-1])
    return mean_running(starts, done, span, room), mean_running(starts, ends, span, room)


def _shaded(running: NDArray[np.float64], held: NDArray[np.float64]) -> Text:
    text = Text()
    least = held.max(initial=0.0) * 1e-9  # what rounding leaves beside a wave's time
    for busy, there in zip(running.tolist(), held.tolist(), strict=True):
        if there <= least:
            text.append(" ")
            continue
        shade = min(len(_SHADES) - 1, int(busy / there * len(_SHADES)))
        text.append(_SHADES[shade], "cyan" if shade else "dim")
    text.rstrip()
    return text


def _profile(part: Part, clock: BarrierClock, room: int) -> tuple[int, Text]:
    """How many run at once, at most, if nothing waits for its wave; and that over time."""
    costs: list[int] = part.whole.costs.tolist()
    every = earliest_starts(part.whole.dag, costs)
    positions: list[int] = part.positions.tolist()
    starts = [every[position] for position in positions]
    ends = [every[position] + costs[position] for position in positions]
    running = mean_running(starts, ends, (0, clock.starts[-1]), room)
    highest = running.max(initial=0.0)
    text = Text()
    for share in (running / highest if highest else running).tolist():
        # Rounded, as an exact half would flicker between two heights.
        height = max(0, round(share * len(_HEIGHTS)) - 1)
        text.append(_HEIGHTS[height] if share > 0 else " ", "green")
    text.rstrip()
    return _peak(starts, ends), text


def _peak(starts: Sequence[int], ends: Sequence[int]) -> int:
    changes = sorted([*((end, -1) for end in ends), *((start, 1) for start in starts)])
    return max(accumulate(change for _, change in changes), default=0)


def _explained(part: Part, clock: BarrierClock) -> str:
    whole = part.whole
    waves, end, path = len(whole.dag.waves), clock.starts[-1], whole.critical_positions.cost
    share = f", and {clock.idle:.0%} of all transactions' time in their waves is idle"
    idle = share if clock.idle else ""
    text = (
        f"Two clocks: by count the block is {count(waves)} steps. By cost, one wave after another "
        f"takes {count(end)}: each ends with its costliest transaction{idle}. "
    )
    if path == end:
        return text + "Without waiting for whole waves it takes as long: that is its critical path."
    return text + (
        "But nobody must wait for a whole wave, only for those in it that it conflicts with: then "
        f"the block takes {count(path)}, its critical path."
    )
