"""`sealane plan` for people: how wide each wave is, how parallel the block, what holds it back."""

from __future__ import annotations

import os
from typing import Final

from rich.text import Text

from ..opening import Schedule
from .bar import bar
from .page import Page, columns, count, plural
from .wave_view import show_waves

_CHAIN_SHOWN_MAX: Final = 6
_CHAIN_PIPED_MAX: Final = 100  # --json has all
_TIES_SHOWN_MAX: Final = 3


def render_plan(schedule: Schedule, page: Page) -> None:
    """The whole view."""
    show_summary(schedule, page)
    show_waves(schedule.dag.waves, schedule.block.ids, page)
    show_critical_path(schedule, page)
    show_hot_accounts(schedule, page)


def show_summary(schedule: Schedule, page: Page) -> None:
    """The file, its size, and the one number that people ask for."""
    block = schedule.block
    parts = (
        plural(len(block), "transaction"),
        plural(len(block.keys), "account"),
        plural(len(schedule.dag.edges), "edge"),
    )
    page.show(
        Text.assemble((os.path.basename(schedule.file), "bold"), ("  " + " · ".join(parts), "dim"))
    )
    waves = plural(len(schedule.dag.waves), "wave")
    page.show(
        Text.assemble(
            (waves, "bold cyan"),
            ", parallelism ",
            (f"{schedule.parallelism:,.1f}", "bold cyan"),
            (" (more workers than that would idle)", "dim"),
        )
    )


def show_critical_path(schedule: Schedule, page: Page) -> None:
    """The chain that no number of workers can shorten: its cost, its ends."""
    path = schedule.critical_path
    if not path.transactions:
        return
    page.heading("Critical path", "the longest chain: no number of workers makes it shorter")
    share = 100 * path.cost / schedule.total_cost if schedule.total_cost else 100.0
    page.show(
        Text.assemble(
            (plural(len(path.transactions), "transaction"), "yellow"),
            f", cost {count(path.cost)} of {count(schedule.total_cost)}",
            (f" ({share:.1f} %)", "dim"),
        )
    )
    page.show(Text(_chain(schedule, page)))
    _show_ties(schedule, page)


def _chain(schedule: Schedule, page: Page) -> str:
    """The ids along the path; of a long one, its two ends."""
    ids = schedule.block.ids
    path = schedule.critical_path.transactions
    shown_max = _CHAIN_SHOWN_MAX if page.is_terminal else _CHAIN_PIPED_MAX
    if len(path) <= shown_max:
        return " → ".join(page.key(ids[position]) for position in path)
    half = shown_max // 2
    first, last = ([page.key(ids[p]) for p in part] for part in (path[:half], path[-half:]))
    return " → ".join([*first, f"… {count(len(path) - 2 * half)} more …", *last])


def _show_ties(schedule: Schedule, page: Page) -> None:
    """The accounts that hold the path together: what to change to make it shorter."""
    steps = len(schedule.critical_path.transactions) - 1
    ties = schedule.critical_accounts[:_TIES_SHOWN_MAX]
    if not ties:
        return
    text = Text.assemble(("tied by ", "dim"))
    for place, (account, tied) in enumerate(ties):
        text.append(", " if place else "", "dim")
        text.append(page.key(schedule.account_name(account)), "magenta")
        text.append(f" {count(tied)} of {plural(steps, 'step')}", "dim")
    page.show(text)


def show_hot_accounts(schedule: Schedule, page: Page) -> None:
    """The accounts that most transactions write: the usual reason for narrow waves."""
    hot = [each for each in schedule.hot_accounts if each.writes and each.writes + each.reads > 1]
    if not hot:
        return
    page.heading("Hottest accounts", "those that most transactions write")
    table = columns("account", "writes", "reads", "", right="writes reads")
    room = max(8, min(40, page.width - 36))
    for each in hot:
        table.add_row(
            page.key(schedule.account_name(each.account)),
            count(each.writes),
            count(each.reads),
            Text(bar(each.writes, hot[0].writes, room), "magenta"),
        )
    page.show(table)


def show_edges(schedule: Schedule, page: Page) -> None:
    """Who waits directly for whom, a line for each."""
    page.heading("Edges")
    ids = schedule.block.ids
    pairs: list[tuple[int, int]] = schedule.dag.edges.tolist()
    lines = (f"{page.key(ids[earlier])} → {page.key(ids[later])}" for earlier, later in pairs)
    page.show(Text("\n".join(lines)))
