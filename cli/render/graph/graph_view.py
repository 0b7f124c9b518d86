"""`sealane graph` in a terminal: the views by name, and which of them a block gets by itself."""

from __future__ import annotations

from typing import Final

from ....scheduler.picture.part import Part
from ..page import Page, count
from ..plan_view import show_critical_path, show_summary
from ..text import Text
from .boxes import BOXES_MAX, show_boxes, tied_places
from .clock import show_clock
from .edge_table import conflicts_in_words, show_all_conflicts, show_edges
from .group_bars import show_groups
from .matrix import show_matrix
from .path_tree import show_path_tree
from .wave_strips import show_named_waves, show_wave_strips

_TRANSACTIONS_NAMED_MAX: Final = 40
_EDGES_NAMED_MAX: Final = 80
_ROWS_MAX: Final = 32
_ROWS_BESIDE_MAX: Final = 12  # where it is one of several views
_MORE: Final = "More: --view path, --view matrix, --step; --around ID and --top 12 draw a few."
_TOO_MANY: Final = (
    f"Boxes and arrows are drawn for up to {BOXES_MAX} transactions that are tied to each other: "
    "choose some, as with --around ID or --top 12."
)
_TOO_NARROW: Final = "Boxes and arrows do not fit this width, so here they are as tables."


def render_graph(
    part: Part, page: Page, *, view: str | None, all_conflicts: bool, quiet: bool
) -> None:
    """One view, all of them, or (None) what suits the size; with `quiet`, only the picture."""
    if not quiet:
        show_summary(part.whole, page)
        show_choice(part, page)
    if view is None:
        _show_suitable(part, page, quiet=quiet)
    else:
        shown = ["groups", "graph", "waves", "lanes", "matrix", "path"] if view == "all" else [view]
        for name in shown:
            _show(name, part, page)
    if all_conflicts:
        show_all_conflicts(part, page)


def show_choice(part: Part, page: Page) -> None:
    """Show what was chosen, if it is not the whole block, and what the figures are of."""
    if not part.said:
        return
    chosen = f"{count(len(part))} of {count(len(part.whole))} transactions"
    said = " and ".join(page.message(each) for each in part.said)
    page.show(
        Text.assemble(
            (f"only {chosen}", "bold yellow"),
            (f", those that {said}; numbers of waves are those of the whole block", "yellow"),
        )
    )


def _show(view: str, part: Part, page: Page) -> None:
    if view == "graph":
        if not _show_drawn(part, page):
            _show_listed(part, page)
    elif view == "waves":
        show_wave_strips(part, page, _ROWS_MAX)
    elif view == "lanes":
        show_clock(part, page, _ROWS_MAX)
    elif view == "matrix":
        show_matrix(part, page)
    elif view == "groups":
        show_groups(part, page)
    else:
        show_path_tree(part, page)


def _show_suitable(part: Part, page: Page, *, quiet: bool) -> None:
    few = len(part) <= _TRANSACTIONS_NAMED_MAX
    named = few and part.block.dag.edge_count <= _EDGES_NAMED_MAX
    if named:
        if show_boxes(part, page):
            show_edges(part, page)
        else:
            _show_listed(part, page)
    else:
        show_groups(part, page, briefly=True)
        show_wave_strips(part, page, _ROWS_BESIDE_MAX)
        show_clock(part, page, _ROWS_BESIDE_MAX)
    if quiet:
        return
    if named and part.is_whole:
        show_critical_path(part.whole, page)
    page.show("", Text(conflicts_in_words(part), "dim"))
    if not named and page.is_terminal:
        page.show(Text(_MORE, "dim"))


def _show_drawn(part: Part, page: Page) -> bool:
    """Show boxes and arrows; False, and why not, if they do not fit."""
    if show_boxes(part, page):
        return True
    tied = len(tied_places(part))
    if tied:
        page.show("", Text(_TOO_MANY if tied > BOXES_MAX else _TOO_NARROW, "yellow"))
    return False


def _show_listed(part: Part, page: Page) -> None:
    """Show the waves with their transactions, or their widths, and the edges as a table."""
    if len(part) > _TRANSACTIONS_NAMED_MAX:
        show_wave_strips(part, page, _ROWS_MAX)
    else:
        show_named_waves(part, page)
    if part.block.dag.edge_count <= _EDGES_NAMED_MAX or not page.is_terminal:
        show_edges(part, page)
