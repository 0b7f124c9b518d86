"""`sealane graph` in a terminal: waves as strips, dependencies, hot accounts.

A small block is shown with its transactions and every edge with its accounts; a large one with the
width of its waves and the accounts that their transactions wait for.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Bottleneck, Schedule, blocking_accounts, worst_bottlenecks
from .bar import bar
from .page import Page, columns, count
from .plan_view import show_critical_path, show_hot_accounts, show_summary
from .reason import reason
from .strip import FREE, LETTERS, OTHERS, STYLES, cell_size, strip
from .text import Text
from .wave_rows import wave_rows

_TRANSACTIONS_NAMED_MAX: Final = 40
_EDGES_NAMED_MAX: Final = 80
_STRIPS_MAX: Final = 32
_STRIP_MIN: Final = 8
_LABELS_WIDTH: Final = 20  # columns reserved for wave numbers and widths
_ACCOUNT_COLUMNS_WIDTH: Final = 46
_BAR_MAX: Final = 40
_ON_PATH: Final = "◆"
_OFF_PATH: Final = "●"


def render_graph(schedule: Schedule, page: Page, *, quiet: bool) -> None:
    """The whole view; with `quiet`, only the graph."""
    if not quiet:
        show_summary(schedule, page)
    small = len(schedule) <= _TRANSACTIONS_NAMED_MAX
    named = small and len(schedule.dag.edges) <= _EDGES_NAMED_MAX
    if named:
        _show_named_strips(schedule, page)
        _show_edges(schedule, page)
    else:
        _show_strips(schedule, page)
    if quiet:
        return
    show_critical_path(schedule, page)
    if named:
        show_hot_accounts(schedule, page)


def _show_named_strips(schedule: Schedule, page: Page) -> None:
    """Show every transaction in the strip of its wave."""
    page.heading("Waves", f"{_ON_PATH} on the critical path")
    path = set(schedule.critical_positions.transactions)
    table = columns("wave", "transactions", right="wave")
    for number, wave in enumerate(schedule.dag.waves):
        positions: list[int] = wave.tolist()
        text = Text()
        for position in positions:
            on_path = position in path
            name = page.key(schedule.ids[position]).replace(" ", "\u00a0")
            mark = _ON_PATH if on_path else _OFF_PATH
            text.append(f"{mark}\u00a0{name}", "yellow" if on_path else "cyan")
            text.append("  ")
        table.add_row(count(number), text)
    page.show(table)


def _show_edges(schedule: Schedule, page: Page) -> None:
    """Show every edge, with the accounts and kinds of conflict."""
    if not len(schedule.dag.edges):
        page.show("", Text("Nobody waits: no two transactions conflict.", "green"))
        return
    page.heading("Who waits for whom")
    table = columns("transaction", "waits for", "because of")
    previous = -1
    ids = schedule.ids
    pairs: list[tuple[int, int]] = [
        (later, earlier) for earlier, later in schedule.dag.edges.tolist()
    ]
    for later, earlier in sorted(pairs):
        table.add_row(
            "" if later == previous else page.key(ids[later]),
            page.key(ids[earlier]),
            reason(schedule.conflicts(earlier, later), page),
        )
        previous = later
    page.show(table)


def _show_strips(schedule: Schedule, page: Page) -> None:
    """Show waves as strips of cells, lettered by the blocking account."""
    pairs = blocking_accounts(schedule.access, schedule.dag.waves)
    bottlenecks, bottleneck_of = worst_bottlenecks(pairs, len(schedule), len(LETTERS))
    counts = _counts_by_bottleneck(schedule, bottleneck_of, len(bottlenecks))
    rows = wave_rows(counts.sum(axis=1).tolist(), _STRIPS_MAX)
    room = max(_STRIP_MIN, page.width - _LABELS_WIDTH)
    size = cell_size([row.width for row in rows], room)
    cell = "a cell is a transaction" if size == 1 else f"a cell is {count(size)} transactions"
    page.heading("Waves", f"{cell}; letters: what it waits for")
    table = columns("wave", "width", "", right="wave width")
    for row in rows:
        by_bottleneck: list[int] = counts[row.first : row.last + 1].sum(axis=0).tolist()
        cells = max(1, round(row.width / size))
        table.add_row(row.label, row.width_text, strip(by_bottleneck, cells, room))
    page.show(table)
    _show_bottlenecks(schedule, bottlenecks, page)


def _counts_by_bottleneck(
    schedule: Schedule, bottleneck_of: NDArray[np.int64], bottlenecks: int
) -> NDArray[np.int64]:
    """int64[waves, bottlenecks + 2]: transactions blocked by each, by another account, by none."""
    waves, kinds = schedule.dag.waves, bottlenecks + 2
    kind = np.where(waves.wave_of == 0, bottlenecks + 1, bottleneck_of)
    cells = waves.wave_of.astype(np.int64) * kinds + kind
    return np.bincount(cells, minlength=len(waves) * kinds).reshape(len(waves), kinds)


def _show_bottlenecks(schedule: Schedule, bottlenecks: list[Bottleneck], page: Page) -> None:
    """Show which account each letter stands for, and how much of the block waits for it."""
    if not bottlenecks:
        page.show("", Text("Nobody waits: no two transactions conflict.", "green"))
        return
    page.heading("Hottest accounts", "by how many transactions wait for each")
    access = schedule.access
    writes = np.bincount(access.accounts[access.writes], minlength=access.account_count)
    reads = np.bincount(access.accounts[~access.writes], minlength=access.account_count)
    table = columns("", "account", "wait", "writes", "reads", "", right="wait writes reads")
    room = min(_BAR_MAX, page.width - _ACCOUNT_COLUMNS_WIDTH)
    for place, (account, waiting) in enumerate(bottlenecks):
        table.add_row(
            Text(f" {LETTERS[place]} ", STYLES[place]),
            page.key(schedule.names[account]),
            count(waiting),
            count(int(writes[account])),
            count(int(reads[account])),
            Text(
                bar(waiting, bottlenecks[0].transactions, room) if room >= _STRIP_MIN else "",
                "magenta",
            ),
        )
    free = len(schedule.dag.waves[0])
    others = len(schedule) - free - sum(bottleneck.transactions for bottleneck in bottlenecks)
    table.add_row(Text(f" {OTHERS} "), Text("others", "dim"), count(others))
    table.add_row(Text(f" {FREE} "), Text("nobody", "dim"), count(free))
    page.show(table)
