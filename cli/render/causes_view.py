"""What holds a block back, for people: groups, what has to go together, programs and payers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.one_line import counted
from ...scheduler import Schedule, Win
from ...scheduler.causes import SPLIT_PARTS, lane_speed_ups
from ...scheduler.schedule.named_causes import (
    SPEED_UP_TRANSACTIONS_MAX,
    SPEED_UP_WORKERS,
    NamedHotGroup,
)
from .page import Page, Table, columns, count
from .text import Text

_GROUPS_SHOWN_MAX: Final = 5  # on a terminal
_OWNERS_SHOWN_MAX: Final = 3
_WIDE: Final = 76  # from here on, there is room for all three changes
_FIGURES: Final = ("locked", "share", "without", "split", "add-only")
_FEW_FIGURES: Final = ("share", "without")


def show_causes(schedule: Schedule, page: Page) -> None:
    """Show what to change for more parallelism; nothing where no transaction waits."""
    if not schedule.hot_groups:
        return
    _show_groups(schedule, page)
    _show_knots(schedule, page)
    _show_owners(schedule, page)


def _show_groups(schedule: Schedule, page: Page) -> None:
    page.heading("What holds it back", "groups: accounts that cause the same conflicts act as one")
    groups = schedule.hot_groups
    shown = page.fitting(groups, _GROUPS_SHOWN_MAX)
    table, rows = _table("group", page), [(_group_text(schedule, it, page), it) for it in shown]
    for name, group in rows:
        table.add_row(name, *_figures(schedule, group, page))
    page.show(table)
    page.show_rest(groups, shown)
    page.show(Text(_explained(schedule, page), "dim"))
    _show_speed_ups(schedule, groups[0].without, page)


def _explained(schedule: Schedule, page: Page) -> str:
    """What the figures say, for those that are shown."""
    share = "Share: how much of the critical path's cost is in transactions that lock it."
    now = f"the parallelism, {schedule.parallelism:,.1f} now, if nobody locked these accounts"
    if page.width < _WIDE:
        return f"{share} Without: {now}."
    changes = f"if each were {SPLIT_PARTS} accounts, if they were only added to"
    return f"{share} Without, split, add-only: {now}, {changes}."


def _table(what: str, page: Page) -> Table:
    figures = _FIGURES if page.width >= _WIDE else _FEW_FIGURES
    return columns(what, *figures, right=" ".join(figures))


def _figures(schedule: Schedule, group: NamedHotGroup, page: Page) -> list[str | Text]:
    """The cells of one row, behind its name."""
    share = f"{group.critical_path_share:.0%}"
    wins = [_win_text(schedule, win) for win in (group.without, group.split, group.commutative)]
    if page.width < _WIDE:
        return [share, wins[0]]
    return [count(group.transactions), share, *wins]


def _win_text(schedule: Schedule, win: Win) -> Text:
    if win.critical_path_cost < schedule.critical_positions.cost:
        return Text(f"{win.parallelism:,.1f}", "bold green")
    return Text("same", "dim")


def _group_text(schedule: Schedule, group: NamedHotGroup, page: Page) -> Text:
    """The first account; for a pipe all of them."""
    ids, about = group.without.accounts, schedule.about
    if not page.is_terminal:
        return Text(" ".join(group.accounts), "magenta")
    # One that people know, if there is one, stands for the others.
    known = [n for n, name in enumerate(group.accounts) if about.label(name) is not None]
    first = known[0] if known else 0
    text = page.account(group.accounts[first], about, ids[first], style="magenta")
    if len(ids) > 1:
        text.append(f", and {count(len(ids) - 1)} more", "dim")
    return text


def _show_speed_ups(schedule: Schedule, win: Win, page: Page) -> None:
    """Show what the first group wins on real numbers of workers, where that is quick to tell."""
    wins = win.critical_path_cost < schedule.critical_positions.cost
    if not wins or len(schedule) > SPEED_UP_TRANSACTIONS_MAX:
        return
    now = lane_speed_ups(schedule.dag, schedule.costs, SPEED_UP_WORKERS)
    then = win.speed_ups(SPEED_UP_WORKERS)
    pairs = (f"{now[n]:.1f} → {then[n]:.1f} on {n}" for n in SPEED_UP_WORKERS)
    page.show(
        Text.assemble("Speed-up without the first group: ", (", ".join(pairs), "bold"), " workers")
    )


def _show_knots(schedule: Schedule, page: Page) -> None:
    """Show the knots, unless the first is a group by itself, and so has been shown."""
    knots = schedule.knots
    if not knots or set(knots[0].accounts) == set(schedule.hot_groups[0].accounts):
        return
    page.heading("What has to go together", "knots: each step of the path waits on all of a knot")
    table = columns("knot", "steps", "without", right="steps without")
    for knot in knots:
        name = page.account(knot.accounts[0], schedule.about, knot.ids[0], style="magenta")
        if len(knot.accounts) > 1:
            name.append(f", and {count(len(knot.accounts) - 1)} more", "dim")
        table.add_row(name, count(knot.steps), Text(f"{knot.parallelism:,.1f}", "bold green"))
    page.show(table)
    if len(knots) > 1:
        page.show(Text("Each line is without the accounts of those above it, too.", "dim"))


def _show_owners(schedule: Schedule, page: Page) -> None:
    """Show the programs and payers whose accounts would win something."""
    kinds = (
        ("program", "the accounts that it uses", schedule.hot_programs),
        ("payer", "the accounts that nobody else locks", schedule.hot_payers),
    )
    for kind, remark, found in kinds:
        winning = _winning(schedule, found)
        if not winning:
            continue
        page.heading(f"By {kind}", remark)
        table = _table(kind, page)
        for owner in page.fitting(winning, _OWNERS_SHOWN_MAX):
            name = page.account(owner.owner, schedule.about, style="magenta")
            name.append(f"  {counted(len(owner.accounts), 'account')}", "dim")
            table.add_row(name, *_figures(schedule, owner, page))
        page.show(table)


def _winning(schedule: Schedule, found: Sequence[NamedHotGroup]) -> list[NamedHotGroup]:
    cost = schedule.critical_positions.cost
    return [group for group in found if group.without.critical_path_cost < cost]
