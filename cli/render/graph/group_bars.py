"""What holds a block back, as bars: the parallelism that there is, and what a change would add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ....scheduler import Schedule
from ....scheduler.picture.part import Part
from ....scheduler.schedule.named_causes import NamedHotGroup
from ..bar import bar
from ..page import Page, columns, count
from ..text import Text

_SHOWN_MAX: Final = 5  # of each kind, on a terminal
_OWNERS_MAX: Final = 3
_FIGURES_WIDTH: Final = 19  # columns beside names and bars
_BAR_MIN: Final = 6
_BAR_MAX: Final = 50
_NAME_LEN_MAX: Final = 18
_STEADY: Final = "▒"
_NOW: Final = "dim"
_GAIN: Final = "green"


class _Row(NamedTuple):
    name: Text
    share: str
    parallelism: float


class _Scale(NamedTuple):
    now: float
    most: float
    names: int


def show_groups(part: Part, page: Page, *, briefly: bool = False) -> None:
    """Show groups and knots of accounts, and programs, by the parallelism without their locks."""
    block = part.block
    if not block.hot_groups:
        return
    found = [
        ("Groups", "accounts that cause the same conflicts act as one", _groups(block, page)),
        (
            "Knots",
            "what the path waits on at once; each beside those above it",
            _knots(block, page),
        ),
        ("Programs", "all accounts that it uses", _programs(block, page)),
    ]
    sections = found[:1] if briefly else found
    now = block.parallelism
    every = [row for *_, rows in sections for row in rows]
    scale = _Scale(now, max(now, *(row.parallelism for row in every)), max(map(_name_len, every)))
    for heading, remark, rows in sections:
        if rows:
            page.heading(heading, remark)
            _show_bars(rows, scale, page)
    page.show(
        Text(
            f"A bar is the parallelism if nobody locked these accounts: ▒ {now:,.1f} now, █ what "
            "it gains. The percentage is how much of the critical path locks them.",
            "dim",
        )
    )


def _name_len(row: _Row) -> int:
    return row.name.cell_len


def _show_bars(rows: Sequence[_Row], scale: _Scale, page: Page) -> None:
    room = min(_BAR_MAX, page.width - scale.names - _FIGURES_WIDTH)
    table = columns("", "path", "without", "", right="path without")
    table.columns[0].min_width = scale.names
    for name, share, parallelism in rows:
        drawn = Text()
        if room >= _BAR_MIN:
            solid = round(scale.now / scale.most * room)
            drawn.append(_STEADY * solid, _NOW)
            drawn.append(bar(parallelism, scale.most, room)[solid:], _GAIN)
        style = _GAIN if parallelism > scale.now else _NOW
        table.add_row(name, share, Text(f"{parallelism:,.1f}", style), drawn)
    page.show(table)


def _groups(block: Schedule, page: Page) -> list[_Row]:
    groups = page.fitting(block.hot_groups, _SHOWN_MAX)
    return [
        _Row(_some(block, group.accounts, page), _share(group), group.parallelism_without)
        for group in groups
    ]


def _knots(block: Schedule, page: Page) -> list[_Row]:
    return [_Row(_some(block, knot.accounts, page), "", knot.parallelism) for knot in block.knots]


def _programs(block: Schedule, page: Page) -> list[_Row]:
    winning = [it for it in block.hot_programs if it.parallelism_without > block.parallelism]
    return [
        _Row(
            Text(page.called(it.owner, block.about)[:_NAME_LEN_MAX], "magenta"),
            _share(it),
            it.parallelism_without,
        )
        for it in page.fitting(winning, _OWNERS_MAX)
    ]


def _share(group: NamedHotGroup) -> str:
    return f"{group.critical_path_share:.0%}"


def _some(block: Schedule, accounts: Sequence[str], page: Page) -> Text:
    """The account that people know best, and how many others there are."""
    known = [name for name in accounts if block.about.label(name) is not None]
    text = Text(page.called([*known, *accounts][0], block.about), "magenta")
    if len(accounts) > 1:
        text.append(f" +{count(len(accounts) - 1)}", "dim")
    return text
