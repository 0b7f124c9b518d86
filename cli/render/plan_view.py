"""`sealane plan` for people: width of each wave, parallelism, what holds the block back."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import basename
from typing import Final

from ...primitives.one_line import counted
from ...scheduler import HotAccount, Schedule, hot_accounts
from ...scheduler.schedule.named import NamedPath
from ...scheduler.schedule.named_causes import HOT_MAX
from .bar import bar
from .causes_view import show_causes
from .page import Page, columns, count
from .text import Text
from .wave_view import show_waves

_CHAIN_SHOWN_MAX: Final = 6  # on a terminal; if piped, all, one per line
_TELLING_WIDTH: Final = 60  # from here on, there is room for what a hot account belongs to
_ACCOUNTS_SHOWN_MAX: Final = 3
_TWO_CLOCKS: Final = (
    "Two clocks: waves count transactions in turn, the critical path adds up what they cost. The "
    "time that a block takes goes by cost."
)


def render_plan(schedule: Schedule, page: Page) -> None:
    """The whole view: what holds the block back comes first."""
    show_summary(schedule, page)
    show_causes(schedule, page)
    show_waves(schedule.dag.waves, schedule.ids, page, schedule.costs)
    show_critical_path(schedule, page)
    show_hot_accounts(schedule, page)


def show_case(case: str, page: Page) -> None:
    """Show the name of a block of a file with several, above its view."""
    page.show(Text(page.message(case), "bold"))


def show_summary(schedule: Schedule, page: Page) -> None:
    """Show the file, its size, and its parallelism."""
    parts = (
        counted(len(schedule), "transaction"),
        counted(schedule.access.account_count, "account"),
        counted(schedule.dag.edge_count, "edge"),
    )
    page.show(Text.assemble((basename(schedule.source), "bold"), ("  " + " · ".join(parts), "dim")))
    waves = counted(len(schedule.dag.waves), "wave")
    page.show(
        Text.assemble(
            (waves, "bold cyan"),
            ", parallelism ",
            (f"{schedule.parallelism:,.1f}", "bold cyan"),
            (" (no number of workers gets beyond it)", "dim"),
        )
    )
    for note in schedule.notes:
        page.show(Text(note, "yellow"))


def show_critical_path(schedule: Schedule, page: Page) -> None:
    """Show the critical path, and the longest chain if it is another one."""
    path = schedule.critical_path
    if not path.transactions:
        return
    page.heading("Critical path", "by cost: the costliest chain, which no workers make shorter")
    _show_chain(schedule, path, page)
    _show_critical_accounts(schedule, page)
    if len(schedule.dag.waves) > len(path.transactions):
        page.heading("Longest chain", f"the most transactions in turn, at {_at_cost(schedule)}")
        _show_chain(schedule, schedule.longest_path, page)
        page.show(Text(_TWO_CLOCKS, "dim"))


def _show_chain(schedule: Schedule, path: NamedPath, page: Page) -> None:
    share = 100 * path.cost / schedule.total_cost if schedule.total_cost else 100.0
    page.show(
        Text.assemble(
            (counted(len(path.transactions), "transaction"), "yellow"),
            f", cost {count(path.cost)} of {count(schedule.total_cost)}",
            (f" ({share:.1f} %)", "dim"),
        )
    )
    ids = path.transactions
    if page.is_terminal:
        page.show(Text(_in_one_line(ids, page)))
    else:
        page.show(*(_with_phrase(schedule, name) for name in ids))


def _with_phrase(schedule: Schedule, name: str) -> Text:
    """A transaction of the path, and who sent it where."""
    phrase = schedule.about.phrase(schedule.position(name))
    text = Text(f"  {name}")
    if phrase:
        text.append(f"  {phrase}", "dim")
    return text


def _in_one_line(ids: Sequence[str], page: Page) -> str:
    """The ids along a path; for a long one, its two ends."""
    if len(ids) <= _CHAIN_SHOWN_MAX:
        return " → ".join(map(page.key, ids))
    half = _CHAIN_SHOWN_MAX // 2
    first, last = (map(page.key, part) for part in (ids[:half], ids[-half:]))
    return " → ".join([*first, f"… {count(len(ids) - 2 * half)} more …", *last])


def _show_critical_accounts(schedule: Schedule, page: Page) -> None:
    """Show the accounts that the path waits for: what to change to make it shorter."""
    steps = len(schedule.critical_path.transactions) - 1
    accounts = schedule.critical_accounts
    shown = accounts[:_ACCOUNTS_SHOWN_MAX]
    if not shown:
        return
    text = Text.assemble(("bottlenecks ", "dim"))
    for place, (account, held) in enumerate(shown):
        text.append(", " if place else "", "dim")
        text.append(page.named(account, schedule.about, style="magenta"))
        text.append(f" {count(held)} of {counted(steps, 'step')}", "dim")
    if len(shown) < len(accounts):
        text.append(f", and {counted(len(accounts) - len(shown), 'other account')}", "dim")
    page.show(text)


def show_hot_accounts(schedule: Schedule, page: Page) -> None:
    """Show the accounts that most transactions change, which need not be what holds them back."""
    # By id: to look each name up again takes longer than all the rest of the view.
    found = hot_accounts(schedule.access, HOT_MAX)
    hot = [each for each in found if _changes(each) and _changes(each) + each.reads > 1]
    if not hot:
        return
    added = ["adds"] if any(each.adds for each in hot) else []
    change = "write or add to" if added else "write"
    page.heading(
        "Hottest accounts", f"those that most transactions {change}: busy, if not the cause"
    )
    table = columns("account", "writes", *added, "reads", "", right="writes adds reads")
    room = max(8, min(24, page.width - 50))
    for each in hot:
        told = each.account if page.width >= _TELLING_WIDTH else -1
        table.add_row(
            page.account(schedule.names[each.account], schedule.about, told),
            count(each.writes),
            *[count(each.adds)] * len(added),
            count(each.reads),
            Text(bar(_changes(each), _changes(hot[0]), room), "magenta"),
        )
    page.show(table)


def _changes(hot: HotAccount) -> int:
    return hot.writes + hot.adds


def show_edges(schedule: Schedule, page: Page) -> None:
    """Show every edge, one per line."""
    page.heading("Edges")
    page.show(*(Text(f"{page.key(a)} → {page.key(b)}") for a, b in schedule.edges))


def _at_cost(schedule: Schedule) -> str:
    is_lower = schedule.longest_path.cost < schedule.critical_path.cost
    return "a lower cost" if is_lower else "the same cost"
