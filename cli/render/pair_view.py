"""`sealane explain ID ID2` for people: whether and how two transactions are tied."""

from __future__ import annotations

from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.schedule.named_explanations import ExplainedPair
from .chain_view import show_steps
from .page import Page, columns, count
from .reason import below
from .text import Text


def render_pair(schedule: Schedule, pair: ExplainedPair, page: Page, *, quiet: bool) -> None:
    """The whole view; with `quiet`, without notes about the block."""
    wave_of = dict(zip(schedule.ids, schedule.dag.waves.wave_of.tolist(), strict=True))
    _show_answer(pair, wave_of[pair.earlier], wave_of[pair.later], page)
    for note in () if quiet else schedule.notes:
        page.show(Text(note, "yellow"))
    if pair.conflicts:
        page.heading("They conflict", f"on {counted(len(pair.conflicts), 'account')}")
        table = columns("account", "in which way")
        for conflict in pair.conflicts:
            account = schedule.account_id(conflict.account)
            shown = page.account(conflict.account, schedule.about, account, style="magenta")
            table.add_row(shown, Text(conflict.kind).append(below(conflict, page)))
        page.show(table)
    elif pair.chain:
        others = counted(len(pair.chain) - 1, "other")
        page.heading("Tied through a chain", f"of {others}; each waits for the next")
        steps = [(step.transaction, step.conflicts) for step in pair.chain]
        rows = [(wave_of[name], name, why) for name, why in [(pair.later, ()), *steps]]
        show_steps(rows, schedule.about, page)


def _show_answer(pair: ExplainedPair, wave: int, later_wave: int, page: Page) -> None:
    """Show whether the two are tied, in a sentence. `wave`: that of the earlier."""
    earlier, later = (page.key(pair.earlier), "bold"), (page.key(pair.later), "bold")
    if not pair:
        together = wave == later_wave
        where = (
            f"wave {count(wave)}" if together else f"waves {count(wave)} and {count(later_wave)}"
        )
        free = (": they may run together", (f", in {where}", "dim"))
        page.show(Text.assemble("Nothing orders ", earlier, " and ", later, *free))
        return
    how = "which it conflicts with" if pair.conflicts else "but only because of others"
    waves = f"; wave {count(later_wave)} after wave {count(wave)}"
    page.show(Text.assemble(later, " must run after ", earlier, f", {how}", (waves, "dim")))
