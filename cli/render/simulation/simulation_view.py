"""The view of `sealane simulate`: how much faster, why not more, and what each policy pays for it.

With what-ifs, every figure stands beside the one of the block as it is.
"""

from __future__ import annotations

from os.path import basename
from typing import Final

from ....analysis.learning import LearnedBlock
from ....primitives.one_line import counted
from ....scheduler import Schedule
from ....scheduler.simulation import Simulation
from ...reports.simulated_trace import SimulatedRun
from ..figures import significant
from ..gantt import show_gantt
from ..page import Page, columns, count
from ..text import Text
from .advice_view import show_advice
from .costs import cost
from .figures_table import show_figures
from .learning_view import show_learned
from .speed_up_chart import show_chart
from .speed_up_table import show_speed_ups

_CHANGED: Final = "magenta"


def render_simulation(
    schedule: Schedule,
    simulation: Simulation,
    page: Page,
    *,
    quiet: bool,
    advised: bool = False,
    run: SimulatedRun | None = None,
    learned: LearnedBlock | None = None,
) -> None:
    """The whole view; with `advised` the advice, with a `run` who runs what when in it.

    With `quiet`, only the speed-ups and what was asked for beside them.
    """
    if not quiet:
        _show_summary(schedule, simulation, page)
        _show_changes(simulation, page)
        if learned is not None:
            show_learned(learned, page)
        show_chart(simulation, page)
        page.show("")
    show_speed_ups(simulation, page)
    if not quiet:
        show_figures(simulation, page)
    if run is not None:
        _show_run(run, page)
    if advised:
        show_advice(schedule, simulation, page)


def _show_summary(schedule: Schedule, simulation: Simulation, page: Page) -> None:
    """Show the file, its size, and the speed-up that nothing exceeds."""
    parts = (
        counted(simulation.transactions, "transaction"),
        f"total cost {count(simulation.total_cost)}",
        f"critical path {count(simulation.critical_path_cost)}",
    )
    page.show(Text.assemble((basename(schedule.source), "bold"), ("  " + " · ".join(parts), "dim")))
    page.show(
        Text.assemble(
            "in the file's order, no number of workers gets beyond ",
            (f"{significant(simulation.parallelism)} ×", "bold cyan"),
            " one worker's speed",
            (" (the critical path runs one after another)", "dim"),
        )
    )
    for note in simulation.notes:
        page.show(Text(note, "yellow"))


def _show_run(run: SimulatedRun, page: Page) -> None:
    """Show the workers over time."""
    page.heading(run.title[:1].upper() + run.title[1:], "over time, counted in cost")
    path = run.schedule.critical_positions.transactions
    show_gantt(run.timeline, run.workers, page, marked=path)


def _show_changes(simulation: Simulation, page: Page) -> None:
    """Show what is different, and the block's own figures before and after."""
    before = simulation.before
    if before is None:
        return
    page.heading("What if", "all of this at once")
    page.show(*(Text(page.message(line), _CHANGED) for line in simulation.what_if))
    table = columns("", "before", "after", "change", right="before after change")
    rows = (
        ("transactions", before.transactions, simulation.transactions),
        ("total cost", before.total_cost, simulation.total_cost),
        ("critical path", before.critical_path_cost, simulation.critical_path_cost),
    )
    for name, was, now in rows:
        table.add_row(name, cost(was, page), cost(now, page), _change(was, now))
    was, now = before.parallelism, simulation.parallelism
    figures = (f"{significant(was)} ×", Text(f"{significant(now)} ×", "bold cyan"))
    table.add_row("at most", *figures, _change(was, now))
    page.show(table)


def _change(was: float, now: float) -> Text:
    """`-12.5 %`; empty where nothing changed."""
    text = f"{100 * (now - was) / was:+,.1f} %" if was and was != now else ""
    return Text(text, "dim")
