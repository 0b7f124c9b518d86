"""A schedule as a notebook shows it: small tables, what holds the block back first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.html_table import html_table
from ...primitives.one_line import shortened
from .named import NamedHotAccount
from .named_causes import NamedHotGroup

_WAVES_SHOWN_MAX: Final = 6
_IDS_SHOWN_MAX: Final = 4
_ID_LEN_MAX: Final = 13
_ACCOUNTS_SHOWN_MAX: Final = 5
_GROUPS_SHOWN_MAX: Final = 5
_NAMES_SHOWN_MAX: Final = 3
_WON: Final = "parallelism without"


def schedule_html(
    caption: str,
    groups: Sequence[NamedHotGroup],
    waves: Sequence[Sequence[str]],
    hot_accounts: Sequence[NamedHotAccount],
) -> str:
    """The hottest groups, the first waves and the hottest accounts; every text escaped."""
    return (
        html_table(
            caption,
            (
                "what holds it back",
                "locked by",
                "share of critical path",
                _WON,
                "split",
                "add-only",
            ),
            map(_group_row, groups[:_GROUPS_SHOWN_MAX]),
        )
        + _waves_table(waves)
        + html_table(
            "Hottest accounts",
            ("account", "writes", "reads", "adds"),
            hot_accounts[:_ACCOUNTS_SHOWN_MAX],
        )
    )


def _group_row(group: NamedHotGroup) -> tuple[object, ...]:
    names = [shortened(name, _ID_LEN_MAX) for name in group.accounts[:_NAMES_SHOWN_MAX]]
    hidden = len(group.accounts) - len(names)
    return (
        " ".join(names) + (f" and {hidden:,} more" if hidden else ""),
        group.transactions,
        f"{group.critical_path_share:.0%}",
        *(f"{win.parallelism:,.1f}" for win in (group.without, group.split, group.commutative)),
    )


def _waves_table(waves: Sequence[Sequence[str]]) -> str:
    rows = [(n, len(wave), _some(wave)) for n, wave in enumerate(waves[:_WAVES_SHOWN_MAX])]
    hidden = len(waves) - len(rows)
    more = f"… {hidden:,} more waves" if hidden else ""
    return html_table("Waves", ("wave", "width", "transactions"), rows, more)


def _some(ids: Sequence[str]) -> str:
    named = [shortened(name, _ID_LEN_MAX) for name in ids[:_IDS_SHOWN_MAX]]
    shown = [*named, *["…"] * (len(ids) > _IDS_SHOWN_MAX)]
    return " ".join(shown)
