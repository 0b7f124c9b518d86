"""Speed-ups as a table: policies by number of workers, with a small curve each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ....scheduler.simulation import Simulation
from ..page import Page, columns, count
from ..text import Text
from .costs import WIDE
from .ranking import ceiling, ranked, worker_counts
from .sparkline import sparkline

_BEST: Final = "★"
_REORDERING: Final = "†"
_HIGHEST: Final = "bold green"
_CEILING_MEANS: Final = "ceiling: what the file's order and so many workers allow"
_REORDERING_MEANS: Final = (
    f"{_REORDERING} takes the block as a pool and chooses by priority: conflicting transactions "
    "may change places, and the critical path of the file's order does not bind it"
)
_LABELS_WIDTH: Final = 18  # star, letter and policy, with the gaps between them
_FIGURE_WIDTH: Final = 7


def show_speed_ups(simulation: Simulation, page: Page) -> None:
    """Show a row for each policy, the best first; below it, what it was before the changes."""
    counts = worker_counts(simulation)
    shown = _fitting(counts, page)
    policies = ranked(simulation)
    headers = [f"×{count(n)}" for n in shown]
    with_curves = page.console.width >= WIDE
    table = columns("", "policy", *([""] * with_curves), *headers, right=" ".join(headers))
    highest = [
        max(each) if max(each) > min(each) else None  # where all are alike, nothing stands out
        for each in zip(*(policy.speed_ups for policy in policies), strict=True)
    ]
    limits = [ceiling(simulation, n) for n in counts]
    best = next((policy for policy in policies if policy.keeps_order), None)
    for policy in policies:
        star = _BEST if policy is best and len(policies) > 1 else " "
        figures = zip(policy.found, highest, strict=True)
        table.add_row(
            Text.assemble((star, "yellow"), (policy.letter, f"bold {policy.style}")),
            policy.name if policy.keeps_order else f"{policy.name} {_REORDERING}",
            *([_curve(policy.speed_ups, limits, policy.style)] * with_curves),
            *(
                Text(f"{each.speed_up:.2f}", _HIGHEST if each.speed_up == most else "")
                for each, most in figures
                if each.workers in shown
            ),
        )
        if policy.before:
            was = (f"{each.speed_up:.2f}" for each in policy.before if each.workers in shown)
            table.add_row(*_dimmed("", "before", *([""] * with_curves), *was))
    bounds = (f"{each:.2f}" for n, each in zip(counts, limits, strict=True) if n in shown)
    curve = [_curve(limits, limits, "dim")] * with_curves
    table.add_row("", Text("ceiling", "dim"), *curve, *_dimmed(*bounds))
    page.show(table)
    page.show_rest(counts, shown)
    page.show(Text(_CEILING_MEANS, "dim"))
    if len(policies) > 1 and best is not None:
        page.show(Text(f"{_BEST} the fastest on most workers, in the file's order", "dim"))
    if not all(policy.keeps_order for policy in policies):
        page.show(Text(_REORDERING_MEANS, "dim"))


def _curve(values: Sequence[float], limits: Sequence[float], style: str) -> Text:
    return Text(sparkline(values, max(limits)), style)


def _dimmed(*cells: str) -> Iterator[Text]:
    return (Text(cell, "dim") for cell in cells)


def _fitting(counts: Sequence[int], page: Page) -> Sequence[int]:
    """The numbers of workers that there is room for: the last one, and the first ones after 1."""
    room = (page.console.width - _LABELS_WIDTH) // _FIGURE_WIDTH
    if len(counts) <= max(2, room):
        return counts
    first = [n for n in counts if n > 1][: max(1, room - 1)]
    return [*first, counts[-1]]
