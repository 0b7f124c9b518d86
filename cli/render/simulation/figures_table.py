"""What each policy pays for its speed-up: idle workers, late transactions, repeated executions.

On a terminal for one number of workers, the fewest that the critical path could keep busy; piped,
for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ....primitives.one_line import counted
from ....scheduler.simulation import Prediction, Simulation
from ..page import Page, columns, count
from ..text import Text
from .costs import WIDE, cost
from .ranking import ranked, worker_counts

_MEANING: Final = (
    "idle: the part of the workers' time in which they run nothing. p50, p99: when half, and 99 of "
    "100, of the transactions have ended, from the block's begin and in the unit of the costs. "
    "re-runs: executions that came to nothing and were repeated."
)


def show_figures(simulation: Simulation, page: Page) -> None:
    """Show makespan, idle share, latencies and re-runs, and say what they are."""
    counts = worker_counts(simulation)
    enough = next((n for n in counts if n >= simulation.parallelism), counts[-1])
    if page.is_terminal:
        why = "the fewest of these that the critical path could keep busy"
        remark = why if len(counts) > 1 and enough >= simulation.parallelism else ""
        page.heading(f"On {counted(enough, 'worker')}", remark)
        _show_table(simulation, [enough], page)
    else:
        page.heading("Makespan, idle share and latency")
        _show_table(simulation, counts, page)
    page.show(Text(_MEANING, "dim"))


def _show_table(simulation: Simulation, shown: Sequence[int], page: Page) -> None:
    headers = list(_cells(next(iter(simulation.policies.values()))[0], page))
    if len(shown) == 1:
        headers.remove("workers")
    table = columns("policy", *headers, right=" ".join(headers))
    for policy in ranked(simulation):
        for workers in shown:
            for name, style, predictions in (
                (policy.name, "", policy.found),
                ("  before", "dim", policy.before),
            ):
                for each in predictions:
                    if each.workers == workers:
                        cells = _cells(each, page)
                        texts = (name, *(cells[header] for header in headers))
                        table.add_row(*(Text(text, style) for text in texts))
    page.show(table)


def _cells(each: Prediction, page: Page) -> dict[str, str]:
    """The figures by header; a narrow terminal has no room for the makespan."""
    cells = {
        "workers": count(each.workers),
        "makespan": cost(each.makespan, page),
        "idle": f"{each.idle:.0%}",
        "p50": cost(each.latency.p50, page),
        "p99": cost(each.latency.p99, page),
        "re-runs": count(each.reruns),
    }
    if page.console.width < WIDE:
        del cells["makespan"]
    return cells
