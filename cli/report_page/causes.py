"""What holds the block back, as tables: groups, programs, payers, and what must go together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.causes import SPLIT_PARTS
from ...scheduler.schedule.named_causes import NamedHotGroup, NamedKnot
from .page import account_button

_ACCOUNTS_SHOWN_MAX: Final = 8
_FIGURES: Final = ("transactions", "", "of the critical path")
_WINS: Final = ("without", f"split into {SPLIT_PARTS}", "added to only")


def causes_html(schedule: Schedule) -> str:
    """The tables; all but the first can be unfolded."""
    if not schedule.hot_groups:
        return "<p>Nothing: no two transactions conflict.</p>"
    ids = {name: account for account, name in enumerate(schedule.names)}
    folded = {
        "By program: the accounts that it uses": ("program", schedule.hot_programs),
        "By payer: accounts that nobody else's transactions lock": ("payer", schedule.hot_payers),
    }
    parts = [_groups_table(schedule, ids, "accounts", schedule.hot_groups)]
    for title, (owner, groups) in folded.items():
        if groups:
            parts.append(_details(title, _groups_table(schedule, ids, owner, groups)))
    if schedule.knots:
        title = "What must go together: steps of the critical path wait on all of these at once"
        parts.append(_details(title, _knots_table(schedule, ids, schedule.knots)))
    return "".join(parts)


def _groups_table(
    schedule: Schedule, ids: dict[str, int], first: str, groups: Sequence[NamedHotGroup]
) -> str:
    rows: list[str] = []
    for group in groups:
        share = group.critical_path_share
        wins = (group.without, group.split, group.commutative)
        cells = "".join(f'<td class="number">{win.parallelism:,.2f} ×</td>' for win in wins)
        owner = f"<b>{_called(schedule, group.owner)}</b> " if group.owner else ""
        rows.append(
            f"<tr><td>{owner}{_accounts(schedule, ids, group.accounts)}</td>"
            f'<td class="number">{group.transactions:,}</td>'
            f'<td class="bar"><i style="width:{100 * share:.1f}%"></i></td>'
            f'<td class="number">{share:.0%}</td>{cells}</tr>'
        )
    return _table((first, *_FIGURES, *_WINS), rows)


def _knots_table(schedule: Schedule, ids: dict[str, int], knots: Sequence[NamedKnot]) -> str:
    rows = [
        f"<tr><td>{'and ' if place else ''}{_accounts(schedule, ids, knot.accounts)}</td>"
        f'<td class="number">{knot.steps:,}</td>'
        f'<td class="number">{knot.parallelism:,.2f} ×</td></tr>'
        for place, knot in enumerate(knots)
    ]
    return _table(("accounts", "steps that they tie", "parallelism without all so far"), rows)


def _accounts(schedule: Schedule, ids: dict[str, int], names: Sequence[str]) -> str:
    """The first of the accounts as buttons, the rest unfolded with a click."""
    buttons = [f"<div>{account_button(schedule, ids[name])}</div>" for name in names]
    shown, hidden = buttons[:_ACCOUNTS_SHOWN_MAX], buttons[_ACCOUNTS_SHOWN_MAX:]
    if not hidden:
        return "".join(shown)
    return "".join(shown) + _details(f"and {counted(len(hidden), 'more account')}", "".join(hidden))


def _called(schedule: Schedule, name: str) -> str:
    label = schedule.about.label(name)
    return escape(label) if label else f'<span class="key">{escape(name)}</span>'


def _table(headers: Iterable[str], rows: Iterable[str]) -> str:
    heads = "".join(
        f'<th class="{"number" if place else ""}">{escape(header)}</th>'
        for place, header in enumerate(headers)
    )
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _details(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>"
