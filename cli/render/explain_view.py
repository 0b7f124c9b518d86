"""`sealane explain` for people: one transaction, its predecessors, and the chain back to wave 0.

Two transactions are in pair_view.py, an account in queue_view.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.schedule.about import About
from ...scheduler.schedule.named_explanations import (
    AccountQueue,
    ExplainedPair,
    ExplainedTransaction,
)
from .chain_view import show_steps
from .page import Page, columns, count
from .pair_view import render_pair
from .queue_view import render_queue
from .reason import reason
from .text import Text

_PREDECESSORS_SHOWN_MAX: Final = 20  # on a terminal; all if piped
_WAITING_SHOWN_MAX: Final = 12


def render_explanation(
    schedule: Schedule,
    explanation: ExplainedTransaction | ExplainedPair | AccountQueue,
    page: Page,
    *,
    quiet: bool,
) -> None:
    """The whole view; with `quiet`, only what was asked for."""
    match explanation:
        case ExplainedTransaction():
            _render_transaction(schedule, explanation, page, quiet=quiet)
        case ExplainedPair():
            render_pair(schedule, explanation, page, quiet=quiet)
        case AccountQueue():
            render_queue(schedule, explanation, page, quiet=quiet)


def _render_transaction(
    schedule: Schedule, explanation: ExplainedTransaction, page: Page, *, quiet: bool
) -> None:
    """With `quiet`, only the direct predecessors."""
    waves = len(schedule.dag.waves)
    page.show(
        Text.assemble(
            (explanation.id, "bold"),
            " runs in ",
            (f"wave {count(explanation.wave)}", "bold cyan"),
            (f" of 0 to {count(waves - 1)}" if waves > 1 else ", the only one", "dim"),
        )
    )
    if explanation.phrase and not quiet:
        page.show(Text(page.message(explanation.phrase)))
    for note in () if quiet else schedule.notes:
        page.show(Text(note, "yellow"))
    if not explanation.blocked_by:
        page.show(Text("Nothing before it in the file conflicts with it.", "green"))
    else:
        _show_predecessors(explanation, schedule.about, page)
    if quiet:
        return
    _show_chain(explanation, schedule.about, page)
    _show_waiting(explanation.waiting, page)


def _show_predecessors(explanation: ExplainedTransaction, about: About, page: Page) -> None:
    page.heading("Waits for", f"wave {explanation.wave - 1:,} decides its wave")
    table = columns("wave", "transaction", "because of", right="wave")
    predecessors = [*explanation.blocked_by, *explanation.also_after]
    shown = page.fitting(predecessors, _PREDECESSORS_SHOWN_MAX)
    for predecessor in shown:
        decides = predecessor in explanation.blocked_by
        table.add_row(
            count(predecessor.wave),
            Text(page.key(predecessor.transaction), "bold" if decides else "dim"),
            reason(predecessor.conflicts, about, page),
        )
    page.show(table)
    page.show_rest(predecessors, shown)


def _show_chain(explanation: ExplainedTransaction, about: About, page: Page) -> None:
    steps = explanation.chain
    if len(steps) < 2:
        return
    page.heading("Back to wave 0", "one way; each waits for the next")
    waves = range(explanation.wave - 1, -1, -1)
    show_steps(
        [(wave, step.transaction, step.conflicts) for wave, step in zip(waves, steps, strict=True)],
        about,
        page,
    )


def _show_waiting(waiting: Sequence[str], page: Page) -> None:
    if not waiting:
        page.show("", Text("No other transaction waits for it directly.", "dim"))
        return
    page.heading("Waiting for it", counted(len(waiting), "transaction"))
    ids = [page.key(name) for name in waiting]
    if page.is_terminal and len(ids) > _WAITING_SHOWN_MAX:
        ids = [*ids[:_WAITING_SHOWN_MAX], f"… {len(ids) - _WAITING_SHOWN_MAX:,} more"]
    page.show(Text("  ".join(ids)))
