"""Why one transaction waits for another, as text: kinds of conflict and their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from ...scheduler.schedule.about import About
from ...scheduler.schedule.named_explanations import NamedConflict
from .page import Page
from .text import Text


def reason(conflicts: Iterable[NamedConflict], about: About, page: Page) -> Text:
    """`write after write on alice, bob; read after write on USDC EPjF…Dt1v`"""
    accounts: dict[str, list[Text]] = {}
    for conflict in conflicts:
        name = page.named(conflict.account, about, style="magenta")
        accounts.setdefault(conflict.kind, []).append(name)
    text = Text()
    for kind, names in accounts.items():
        text.append("; " if text else "", "dim").append(f"{kind} on ", "dim")
        for place, name in enumerate(names):
            text.append(", " if place else "", "dim").append(name)
    return text
