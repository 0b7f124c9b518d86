"""`sealane explain --account` for people: who locks it, in order, and where in the block."""

from __future__ import annotations

from typing import Final

from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.schedule.named_explanations import AccountQueue
from .density import LEGEND, density
from .page import Page, columns, count
from .text import Text

_ROWS_SHOWN_MAX: Final = 20  # on a terminal; all if piped


def render_queue(schedule: Schedule, queue: AccountQueue, page: Page, *, quiet: bool) -> None:
    """The whole view; with `quiet`, only the queue itself."""
    if not quiet:
        _show_summary(schedule, queue, page)
    if not queue:
        page.show(Text("No transaction of this block locks it.", "green"))
        return
    if not quiet:
        _show_places(schedule, queue, page)
        page.heading("Queue", "in the order of the file; each write waits for all before it")
    _show_queue(queue, page)


def _show_summary(schedule: Schedule, queue: AccountQueue, page: Page) -> None:
    """Show how many lock the account, what they cost, and how much of that is one after another."""
    writing, others = queue.counts
    whole = len(queue.account) <= page.width
    page.show(page.named(queue.account, schedule.about, style="bold", whole=whole))
    belongs = schedule.about.belongs_to(schedule.account_id(queue.account))
    if belongs and schedule.about.label(queue.account) is None:
        page.show(Text(page.message(belongs), "dim"))
    for note in schedule.notes:
        page.show(Text(note, "yellow"))
    if not queue:
        return
    page.show(
        Text.assemble(
            "locked by ",
            (count(len(queue)), "bold"),
            f" of {counted(len(schedule), 'transaction')}: ",
            (writing, "bold magenta"),
            f", {others}, in {counted(queue.wave_count, 'wave')}",
        ),
        Text.assemble("cost in all ", (count(queue.cost), "bold"), _of(schedule.total_cost)),
        Text.assemble(
            "longest run ",
            (count(queue.longest_run.cost), "bold"),
            f", {counted(len(queue.longest_run.transactions), 'transaction')} in turn",
            (": no number of workers gets through it faster", "dim"),
        ),
    )


def _of(total: int) -> str:
    return f" of {count(total)}, what the whole block costs"


def _show_places(schedule: Schedule, queue: AccountQueue, page: Page) -> None:
    """Show where in the file the queue lies."""
    page.heading("Where in the block", "the share of each stretch of the file that locks it")
    drawn = density((each.position for each in queue.queue), len(schedule), page.width)
    page.show(Text(drawn, "magenta"))
    if len(schedule) <= page.width:
        return
    first, last = "0", count(len(schedule) - 1)
    page.show(
        Text(first + last.rjust(len(drawn) - len(first)), "dim"),
        Text(LEGEND, "dim"),
    )


def _show_queue(queue: AccountQueue, page: Page) -> None:
    """Show one row for each lock; on a terminal, of many the first and the last."""
    rows = queue.queue
    paths = ["path"] if any(each.accounts for each in rows) else []
    table = columns("wave", "transaction", "lock", *paths, "cost", right="wave cost")
    half = _ROWS_SHOWN_MAX // 2
    cut = len(rows) - 2 * half if page.is_terminal else 0
    for place, each in enumerate(rows):
        if cut > 0 and half <= place < half + cut:
            if place == half:
                table.add_row("…", Text(f"{count(cut)} more", "dim"))
            continue
        table.add_row(
            count(each.wave),
            page.key(each.transaction),
            Text(each.does, "dim" if each.does == "reads" else "magenta"),
            *[", ".join(map(page.key, each.accounts))] * len(paths),
            count(each.cost),
        )
    page.show(table)
