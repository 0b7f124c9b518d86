"""Speed-ups as curves over the number of workers, with the bounds of any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ....scheduler.simulation import Simulation
from ..figures import significant
from ..page import Page, count
from ..text import Text
from .curves import LEVEL, OUT_OF_REACH, Canvas, Curve
from .ranking import ceiling, ranked, worker_counts

_ROWS: Final = 10
_COLUMNS_MAX: Final = 72
_HEADROOM: Final = 1.12  # so that what is out of reach shows above the highest curve, too


def show_chart(simulation: Simulation, page: Page) -> None:
    """Show a curve for each policy, the best on top; nothing for a single number of workers."""
    counts = worker_counts(simulation)
    if len(counts) < 2:
        return
    page.heading("Speed-up", "times as fast as one worker, by the number of workers")
    policies = ranked(simulation)
    level = ceiling(simulation, counts[-1])
    highest = max(level, *(each for policy in policies for each in policy.speed_ups))
    label = significant(level)
    room = min(_COLUMNS_MAX, page.width - len(label) - 2)
    canvas = Canvas(room, _ROWS, len(counts), highest * _HEADROOM)
    for policy in reversed(policies):
        canvas.draw(Curve(policy.letter, policy.style, policy.speed_ups))
    labelled = {_ROWS - 1: "0", canvas.row_of(level): label}
    for row, line in enumerate(canvas.lines([float(n) for n in counts], level)):
        tick = "┤" if row in labelled else "│"
        page.show(Text.assemble((f"{labelled.get(row, ''):>{len(label)}} {tick}", "dim"), line))
    page.show(Text(" " * (len(label) + 2) + _axis(counts, canvas), "dim"))
    page.show(Text(_legend(simulation, counts), "dim"))


def _axis(counts: Sequence[int], canvas: Canvas) -> str:
    """The numbers of workers, each below its point; those without room are left out."""
    line = ""
    for point, n in enumerate(counts):
        text = count(n)
        start = min(max(0, canvas.column_of(point) - len(text) // 2), canvas.columns - len(text))
        if start > len(line) or not line:
            line = line.ljust(start) + text
    return line


def _legend(simulation: Simulation, counts: Sequence[int]) -> str:
    legend = f"{OUT_OF_REACH} out of reach: n workers are at most n times as fast as one"
    if simulation.parallelism > counts[-1]:
        return legend
    return f"{legend}. {LEVEL} the ceiling: what the critical path of the file's order allows"
