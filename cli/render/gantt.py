"""A run as a chart: a row for each worker, over time; what it runs, and when it is idle.

The kinds of cells differ in their characters as well as in their colours. A cell shows what takes
most of its time; where something as wide as two cells begins, a notch sets it apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from ...scheduler.simulation import Run, Timeline
from .page import Page, columns, count
from .text import Text

LANES_SHOWN_MAX: Final = 32
_LABELS_WIDTH: Final = 18  # columns reserved for lanes, their busy share, and what sets them apart
_ROOM_MIN: Final = 12


class _Kind(NamedTuple):
    name: str
    cell: str
    notch: str
    style: str


_MARKED: Final = _Kind("critical path", "█", "▌", "yellow")
_OTHERS: Final = _Kind("others", "▓", "▒", "cyan")
_ABORTED: Final = _Kind("executed in vain", "x", "X", "red")
_IDLE: Final = _Kind("idle", "·", "·", "dim")
_BUSY: Final = (_MARKED, _OTHERS, _ABORTED)  # of equal shares, the first is shown


def show_gantt(
    timeline: Timeline, workers: int, page: Page, *, marked: Collection[int] = ()
) -> None:
    """Show who runs what when, with those `marked` (positions, the critical path) set apart.

    Of more than LANES_SHOWN_MAX workers, so many rows are shown. Nothing for a run that takes none
    of the costs' unit.
    """
    if not timeline.makespan:
        return
    room = max(_ROOM_MIN, page.width - _LABELS_WIDTH)
    shown = min(workers, LANES_SHOWN_MAX)
    lanes = _by_worker(timeline, shown, set(marked))
    table = columns("lane", "", "busy", right="lane busy")
    for worker, runs in enumerate(lanes):
        busy = sum(run.end - run.start for run, _ in runs) / timeline.makespan
        table.add_row(f"{worker}", _row(runs, timeline.makespan, room), f"{busy:.0%}")
    page.show(table)
    page.show(Text(f"{'':6}0{count(timeline.makespan):>{room - 1}}", "dim"))
    if shown < workers:
        page.show(Text(f"… and {count(workers - shown)} more lanes", "dim"))
    page.show(_legend([kind for runs in lanes for _, kind in runs]))


_Lane = list[tuple[Run, _Kind]]


def _by_worker(timeline: Timeline, workers: int, marked: Collection[int]) -> list[_Lane]:
    lanes: list[_Lane] = [[] for _ in range(workers)]
    for run in timeline.runs():
        if run.worker < workers:
            kind = _MARKED if run.position in marked else _OTHERS
            lanes[run.worker].append((run, kind))
    for run in timeline.aborted:
        if run.worker < workers:
            lanes[run.worker].append((run, _ABORTED))
    return lanes


def _row(runs: _Lane, makespan: int, room: int) -> Text:
    """The cells of a lane. Cell c is the time from c × makespan / room on; counted × room."""
    shares = [[0] * len(_BUSY) for _ in range(room)]
    notches: set[int] = set()
    for run, kind in runs:
        start, end = run.start * room, run.end * room
        first, last = start // makespan, (end - 1) // makespan
        if end - start >= 2 * makespan:
            notches.add(first)
        for cell in range(first, last + 1):
            inside = min(end, (cell + 1) * makespan) - max(start, cell * makespan)
            shares[cell][_BUSY.index(kind)] += inside
    text = Text()
    kinds = [_of_most(share, makespan) for share in shares]
    for kind, cells in groupby(range(room), key=kinds.__getitem__):
        drawn = (kind.notch if cell in notches else kind.cell for cell in cells)
        text.append("".join(drawn), kind.style)
    return text


def _of_most(shares: Sequence[int], whole: int) -> _Kind:
    """What takes most of a cell's time; idle if that is more than half of it."""
    if 2 * sum(shares) < whole:
        return _IDLE
    return _BUSY[max(range(len(shares)), key=lambda place: (shares[place], -place))]


def _legend(kinds: Collection[_Kind]) -> Text:
    text = Text()
    for kind in (*(kind for kind in _BUSY if kind in kinds), _IDLE):
        text.append(kind.cell, kind.style)
        alone = kind is _OTHERS and _MARKED not in kinds
        text.append(f" {'busy' if alone else kind.name}  ", "dim")
    return text
