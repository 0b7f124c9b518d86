"""`sealane plan --workers`: what a block would take in so many lanes, and the lanes drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...scheduler import Schedule
from .gantt import show_gantt
from .page import Page, columns, count
from .text import Text

_ROWS_THAT_FIT: Final = 16


def show_lanes(schedule: Schedule, workers: Sequence[int], page: Page) -> None:
    """Show a row for each number of workers, then the lanes of one of them; see `drawn_count`."""
    page.heading("On workers", "predicted from the costs alone, planned as sealane run does")
    table = columns(
        "workers", "speed-up", "makespan", "idle", right="workers speed-up makespan idle"
    )
    for found in map(schedule.lanes, workers):
        speed_up, idle = f"{found.speed_up:,.2f}", f"{found.idle:.0%}"
        table.add_row(count(found.workers), speed_up, count(found.makespan), idle)
    page.show(table)
    page.show(
        Text(
            "Speed-up: the time of one worker / this time. Idle: the part of all workers' "
            "time in which they wait.",
            "dim",
        )
    )
    drawn = drawn_count(workers)
    path = schedule.critical_positions.transactions
    page.heading(f"Lanes of {drawn:,}", "over time, counted in cost")
    show_gantt(schedule.timeline(drawn), drawn, page, marked=path)


def drawn_count(workers: Sequence[int]) -> int:
    """The largest number whose lanes fit on a screen; if none does, the last."""
    return max((n for n in workers if n <= _ROWS_THAT_FIT), default=workers[-1])
