"""`sealane survey` for people: a table with a row for each block, or cards where that is too wide.

On a terminal, columns are left out as it gets narrower, the least telling first; in a pipe none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import basename
from statistics import median
from typing import Final

from ...analysis.survey import SPEED_UP_WORKERS, Figures, Row
from ...primitives.one_line import counted
from .page import Page, columns, count, entries
from .text import Text

_TABLE_WIDTH_MIN: Final = 76
_NOTES_SHOWN_MAX: Final = 5  # on a terminal
_MISSING: Final = "–"
_EXPLAINED: Final = (
    ("conflicts", "pairs of transactions of which one waits directly for the other"),
    ("waves", "the longest chain of conflicts, by count: within a wave nothing conflicts"),
    ("path", "the critical path: the share of the cost that must run in turn on any machine"),
    ("count", "parallelism by count: transactions / waves, as if each cost the same"),
    ("cost", "parallelism by cost: total cost / critical path, which no workers exceed"),
    ("×4", "predicted speed-up on 4 workers that run lanes, as the runtime does"),
    ("hottest", "the accounts, locked by the same transactions, that hold the block back most"),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column of figures, for terminals of `width_min` columns and more."""

    header: str
    width_min: int
    text: Callable[[Figures], str]


def _known(value: int | None) -> str:
    return _MISSING if value is None else count(value)


def _speed_up(workers: int, block: Figures) -> str:
    return f"{block.speed_up[workers]:.2f}"


_FIGURES: Final = (
    _Shown("slot", 180, lambda block: _known(block.slot)),
    _Shown("height", 150, lambda block: _known(block.height)),
    _Shown("tx", 0, lambda block: count(block.transactions)),
    _Shown("votes", 130, lambda block: _known(block.votes)),
    _Shown("failed", 130, lambda block: _known(block.failed)),
    _Shown("accounts", 110, lambda block: count(block.accounts)),
    _Shown("conflicts", 100, lambda block: count(block.conflicts)),
    _Shown("waves", 0, lambda block: count(block.waves)),
    _Shown("path", 0, lambda block: f"{100 * block.critical_path_share:.1f}%"),
    _Shown("count", 0, lambda block: f"{block.parallelism_by_count:,.1f}"),
    _Shown("cost", 0, lambda block: f"{block.parallelism_by_cost:,.1f}"),
    *(
        _Shown(f"×{workers}", 0 if workers in (4, 64) else 100, partial(_speed_up, workers))
        for workers in SPEED_UP_WORKERS
    ),
)


def render_survey(rows: Sequence[Row], page: Page) -> None:
    """The whole view."""
    if page.is_terminal and page.console.width < _TABLE_WIDTH_MIN:
        for row in rows:
            _show_card(row, page)
    else:
        _show_table(rows, page)
    _show_summary([row.figures for row in rows if row.figures is not None], page)
    _show_notes(rows, page)


def _show_table(rows: Sequence[Row], page: Page) -> None:
    width = page.console.width
    shown = [each for each in _FIGURES if not page.is_terminal or width >= each.width_min]
    headers = [each.header for each in shown]
    table = columns("file", "chain", *headers, "hottest", right=" ".join(headers))
    for row in rows:
        block = row.figures
        if block is None:
            # On a terminal, stderr has said why; a column of figures is too narrow for it.
            why = "not read" if page.is_terminal else row.error or ""
            table.add_row(_name(row, page), *[""] * (len(shown) + 1), Text(why, "red"))
            continue
        cells = [Text(each.text(block), _style(each.header)) for each in shown]
        table.add_row(_name(row, page), block.chain, *cells, _hottest(block, page))
    page.show(table)


def _show_card(row: Row, page: Page) -> None:
    page.heading(_name(row, page))
    block = row.figures
    if block is None:
        page.show(Text(page.message(row.error or ""), "red"))
        return
    place = "" if block.height is None else f" at height {count(block.height)}"
    votes = "" if block.votes is None else f", {count(block.votes)} of them votes"
    speed_ups = ", ".join(f"{block.speed_up[each]:.2f} on {each}" for each in SPEED_UP_WORKERS)
    share = 100 * block.critical_path_share
    waves = counted(block.waves, "wave")
    page.show(
        Text(f"{block.chain}{place}", "dim"),
        entries(
            (Text("transactions", "dim"), f"{count(block.transactions)}{votes}"),
            (Text("conflicts", "dim"), f"{count(block.conflicts)}, in {waves}"),
            (Text("critical path", "dim"), f"{share:.1f}% of the cost"),
            (Text("parallelism", "dim"), Text(_parallelism(block), "cyan")),
            (Text("speed-up", "dim"), speed_ups),
            (Text("hottest", "dim"), _hottest(block, page)),
        ),
    )


def _parallelism(block: Figures) -> str:
    return f"{block.parallelism_by_cost:,.1f} by cost, {block.parallelism_by_count:,.1f} by count"


def _name(row: Row, page: Page) -> str:
    """The file: its last part on a terminal, as it was given in a pipe; and the case, if any."""
    file = (basename(row.file) or row.file) if page.is_terminal else row.file
    return file if row.case is None else f"{file} {row.case}"


def _style(header: str) -> str:
    return {"cost": "bold cyan", "path": "yellow"}.get(header, "")


def _hottest(block: Figures, page: Page) -> Text:
    group = block.hottest_group
    if group is None:
        return Text(_MISSING, "dim")
    names = group.accounts[:1] if page.is_terminal else group.accounts
    keys = " ".join(map(page.key, names))
    text = Text(keys, "magenta") if group.label is None else Text(group.label, "magenta")
    if group.label is not None:
        text.append(f" {keys}")
    more = len(group.accounts) - len(names)
    if more:
        text.append(f" +{more:,}", "dim")
    if group.program is not None:
        text.append(f", used by {page.key(group.program)}", "dim")
    return text


def _show_summary(blocks: Sequence[Figures], page: Page) -> None:
    if not blocks:
        return
    transactions = counted(sum(block.transactions for block in blocks), "transaction")
    by_cost = [block.parallelism_by_cost for block in blocks]
    page.heading(f"{counted(len(blocks), 'block')}, {transactions}")
    page.show(
        Text.assemble(
            "parallelism by cost: median ",
            (f"{median(by_cost):,.1f}", "bold cyan"),
            (f", {min(by_cost):,.1f} to {max(by_cost):,.1f}", "dim"),
        )
    )
    page.show(entries(*((Text(word, "dim"), Text(what, "dim")) for word, what in _EXPLAINED)))


def _show_notes(rows: Sequence[Row], page: Page) -> None:
    """Each note once, with the files that it is about."""
    files: dict[str, list[str]] = {}
    for row in rows:
        for note in () if row.figures is None else row.figures.notes:
            files.setdefault(note, []).append(_name(row, page))
    if not files:
        return
    page.heading("Notes")
    notes = list(files.items())
    shown = page.fitting(notes, _NOTES_SHOWN_MAX)
    for note, names in shown:
        about = ", ".join(page.fitting(names, 1))
        more = len(names) - len(page.fitting(names, 1))
        page.show(Text(f"{about}{f' and {more:,} more' if more else ''}: {note}", "yellow"))
    page.show_rest(notes, shown)
