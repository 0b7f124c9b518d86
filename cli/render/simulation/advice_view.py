"""Advice: what would make the critical path cheaper, and by how much, as tried on the block."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from ....primitives.one_line import counted
from ....scheduler import Schedule
from ....scheduler.schedule.about import About
from ....scheduler.schedule.left_out import PROGRAM, VOTES
from ....scheduler.schedule.named_advice import NamedAdvice
from ....scheduler.simulation import Simulation
from ..page import Page, columns
from ..text import Text
from .costs import WIDE, cost

_NAMES_SHOWN_MAX: Final = 4
_MEANING: Final = "Ceiling: total cost / critical path; ×4, ×64: speed-up in so many lanes."


def show_advice(schedule: Schedule, simulation: Simulation, page: Page) -> None:
    """Show what would help, the best first, and how to look closer at it."""
    if not simulation.advice:
        page.heading("What would help")
        page.show(Text("nothing that was tried makes the critical path cheaper", "dim"))
        return
    page.heading("What would help", "single changes and pairs that were tried, the best first")
    workers = list(simulation.advice[0].speed_ups)
    wide = page.console.width >= WIDE
    headers = [*(["critical path"] * wide), "ceiling", *(f"×{n}" for n in workers)]
    table = columns(*headers, "change", right=" ".join(headers))
    for header in table.columns[: len(headers)]:
        header.justify, header.no_wrap = "right", True
    for each in simulation.advice:
        table.add_row(
            *([cost(each.critical_path_cost, page)] * wide),
            Text(f"{each.parallelism:.2f} ×", "bold cyan"),
            *(f"{each.speed_ups[n]:.2f}" for n in workers),
            _change(each, schedule.about, page),
        )
    now = f"{simulation.parallelism:.2f} ×"
    cells = (*([cost(simulation.critical_path_cost, page)] * wide), now, *([""] * len(workers)))
    table.add_row(*(Text(cell, "dim") for cell in (*cells, "as it is")))
    page.show(table)
    page.show(Text(_MEANING, "dim"))
    show_command(schedule.source, simulation.advice[0], page)


def show_command(file: str, advice: NamedAdvice, page: Page) -> None:
    """Show how to look closer: piped in one line; on a terminal, an option on each."""
    parts = [f"sealane simulate {shlex.quote(file)}", *map(shlex.join, advice.option_words)]
    between = " \\\n  " if page.is_terminal else " "
    page.show(Text("Look closer:", "dim"))
    page.show(*(Text(line) for line in between.join(parts).split("\n")))


def _change(advice: NamedAdvice, about: About, page: Page) -> Text:
    """What to do to which accounts; piped, all of them, as options."""
    if not page.is_terminal:
        return Text(advice.options)
    text = Text()
    for verb, names in _by_verb(advice):
        text.append(", " if text else "").append(f"{verb} ", "magenta")
        shown = [_shown(name, about, page) for name in names[:_NAMES_SHOWN_MAX]]
        text.append(", ".join(shown))
        if len(names) > len(shown):
            text.append(f" and {counted(len(names) - len(shown), 'other account')}", "dim")
    return text


def _shown(name: str, about: About, page: Page) -> str:
    """An account or a program by its label, or by the ends of its key."""
    return page.called(name.removeprefix(PROGRAM), about)


def _by_verb(advice: NamedAdvice) -> Iterator[tuple[str, Sequence[str]]]:
    changes = advice.changes
    callers = [word for word in changes.without if word.startswith(PROGRAM)]
    gone = [word for word in changes.without if word == VOTES]
    unlocked = [word for word in changes.without if word not in (*callers, *gone)]
    for verb, names in (
        ("leave out", gone),
        ("leave out callers of", callers),
        ("not lock", unlocked),
    ):
        if names:
            yield verb, names
    for parts in sorted({parts for _, parts in changes.split}):
        yield f"split into {parts}", [name for name, into in changes.split if into == parts]
    if changes.commutative:
        yield "only add to", changes.commutative
