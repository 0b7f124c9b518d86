"""Why one transaction waits for another, as text: kinds of conflict and their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from ...scheduler.schedule.named_explanations import NamedConflict
from .page import Page
from .text import Text


def reason(conflicts: Iterable[NamedConflict], page: Page) -> Text:
    """`write after write on alice, bob; read after write on price`"""
    accounts: dict[str, list[str]] = {}
    for conflict in conflicts:
        name = page.key(conflict.account)
        accounts.setdefault(conflict.kind, []).append(name)
    text = Text()
    for kind, names in accounts.items():
        text.append("; " if text else "", "dim").append(f"{kind} on ", "dim")
        for place, name in enumerate(names):
            text.append(", " if place else "", "dim").append(name, "magenta")
    return text
