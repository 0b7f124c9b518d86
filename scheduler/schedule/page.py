"""A schedule as a notebook shows it: three small tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.html_table import html_table
from ...primitives.one_line import shortened
from .named import NamedHotAccount

_WAVES_SHOWN_MAX: Final = 6
_IDS_SHOWN_MAX: Final = 4
_ID_LEN_MAX: Final = 13
_ACCOUNTS_SHOWN_MAX: Final = 5


def schedule_html(
    caption: str, waves: Sequence[Sequence[str]], hot_accounts: Sequence[NamedHotAccount]
) -> str:
    """The first waves and the hottest accounts; every text escaped."""
    rows = [(n, len(wave), _some(wave)) for n, wave in enumerate(waves[:_WAVES_SHOWN_MAX])]
    hidden = len(waves) - len(rows)
    more = f"… {hidden:,} more waves" if hidden else ""
    table = html_table(caption, ("wave", "width", "transactions"), rows, more)
    shown = hot_accounts[:_ACCOUNTS_SHOWN_MAX]
    return table + html_table("Hottest accounts", ("account", "writes", "reads"), shown)


def _some(ids: Sequence[str]) -> str:
    named = [shortened(name, _ID_LEN_MAX) for name in ids[:_IDS_SHOWN_MAX]]
    shown = [*named, *["…"] * (len(ids) > _IDS_SHOWN_MAX)]
    return " ".join(shown)
