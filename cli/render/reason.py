"""Why one transaction waits for another, as a sentence: kinds of conflict and their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from ...scheduler import Conflict
from ..inputs.opening import Schedule
from .page import Page
from .text import Text


def reason(schedule: Schedule, conflicts: Iterable[Conflict], page: Page) -> Text:
    """`write after write on alice, bob; read after write on price`"""
    accounts: dict[str, list[str]] = {}
    for conflict in conflicts:
        name = page.key(schedule.account_name(conflict.account))
        accounts.setdefault(conflict.kind.value, []).append(name)
    text = Text()
    for kind, names in accounts.items():
        text.append("; " if text else "", "dim").append(f"{kind} on ", "dim")
        for place, name in enumerate(names):
            text.append(", " if place else "", "dim").append(name, "magenta")
    return text
