"""A chain of transactions that wait for each other, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...scheduler.schedule.about import About
from ...scheduler.schedule.named_explanations import NamedConflict
from .page import Page, columns, count
from .reason import reason
from .text import Text

_STEPS_SHOWN_MAX: Final = 20  # on a terminal; all if piped


def show_steps(
    steps: Sequence[tuple[int, str, Sequence[NamedConflict]]], about: About, page: Page
) -> None:
    """Show each step's wave, transaction, and why the one before it in the table waits for it.

    On a terminal, of many the first and the last.
    """
    table = columns("wave", "transaction", "because of", right="wave")
    half = _STEPS_SHOWN_MAX // 2
    cut = len(steps) - 2 * half if page.is_terminal else 0
    for place, (wave, transaction, conflicts) in enumerate(steps):
        if cut > 0 and half <= place < half + cut:
            if place == half:
                table.add_row("…", Text(f"{count(cut)} more", "dim"), "")
            continue
        table.add_row(count(wave), page.key(transaction), reason(conflicts, about, page))
    page.show(table)
