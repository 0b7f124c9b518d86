"""What holds a block back, as bars: accounts that the same transactions lock act as one."""

from __future__ import annotations

from typing import Final

from ....scheduler.schedule.part import Part
from ..bar import bar
from ..page import Page, columns, count
from ..text import Text

_GROUPS_MAX: Final = 6
_LABELS_WIDTH: Final = 46
_BAR_MIN: Final = 6
_BAR_MAX: Final = 32


def show_groups(part: Part, page: Page) -> None:
    """Show the groups with the largest share of the critical path, and what each would win."""
    block = part.block
    groups = [group for group in block.hot_groups if group.critical_path_share > 0]
    if not groups:
        return
    page.heading("Groups", "accounts that the same transactions lock; without one of them …")
    now = block.parallelism
    room = min(_BAR_MAX, page.width - _LABELS_WIDTH)
    table = columns("group", "locked", "of path", "", "…", right="locked of path …")
    for group in page.fitting(groups, _GROUPS_MAX):
        name = page.called(group.accounts[0], block.about)
        more = len(group.accounts) - 1
        drawn = bar(group.critical_path_share, 1, room) if room >= _BAR_MIN else ""
        table.add_row(
            Text.assemble((name, "magenta"), (f" +{count(more)}" if more else "", "dim")),
            count(group.transactions),
            f"{group.critical_path_share:.0%}",
            Text(drawn, "magenta"),
            Text.assemble((f"{now:,.1f} → ", "dim"), f"{group.parallelism_without:,.1f}"),
        )
    page.show(table)
    page.show(
        Text(
            "The bar is the part of the critical path that locks the group; the last column is the "
            "parallelism if nobody locked it.",
            "dim",
        )
    )
