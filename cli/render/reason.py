"""Why one transaction waits for another, as text: kinds of conflict and their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from ...scheduler.schedule.about import About
from ...scheduler.schedule.named_explanations import NamedConflict
from .page import Page
from .text import Text


def reason(conflicts: Iterable[NamedConflict], about: About, page: Page) -> Text:
    """`write after write on alice, bob; read after write on bank/carol below bank`"""
    accounts: dict[str, list[Text]] = {}
    for conflict in conflicts:
        name = page.named(conflict.account, about, style="magenta")
        if conflict.ancestor is not None:
            name.append(below(conflict, page))
        accounts.setdefault(conflict.kind, []).append(name)
    text = Text()
    for kind, names in accounts.items():
        text.append("; " if text else "", "dim").append(f"{kind} on ", "dim")
        for place, name in enumerate(names):
            text.append(", " if place else "", "dim").append(name)
    return text


def below(conflict: NamedConflict, page: Page) -> Text:
    """` below bank`: the path that the other transaction accesses; empty where it is the same."""
    if conflict.ancestor is None:
        return Text()
    text = Text()
    text.append(" below ", "dim").append(page.key(conflict.ancestor), "magenta")
    return text
