"""Who waits for whom, and on which accounts, as a table; with all conflicts, those implied, too."""

from __future__ import annotations

from typing import Final

from ....primitives.one_line import counted
from ....scheduler.every_edge import EXPANDED_EDGES_MAX
from ....scheduler.picture.all_conflicts import (
    TRANSACTIONS_COUNTED_MAX,
    count_conflicts,
    list_conflicts,
)
from ....scheduler.picture.part import Part
from ..page import Page, columns, count
from ..reason import reason
from ..text import Text

_LISTED_MAX: Final = 100
_LISTED_PIPED_MAX: Final = 100_000


def show_edges(part: Part, page: Page) -> None:
    """Show every edge, with the accounts and kinds of conflict."""
    dag = part.block.dag
    if not dag.edge_count:
        page.show("", nobody_waits(part))
        return
    page.heading("Who waits for whom")
    if dag.edge_count - len(dag.edges) > EXPANDED_EDGES_MAX:
        many = f"{count(dag.edge_count)} edges are too many to list; choose some, as with --account"
        page.show(Text(many, "dim"))
        return
    pairs: list[tuple[int, int]] = part.block.every_edge.tolist()
    _show_pairs(part, page, sorted((later, earlier) for earlier, later in pairs), marked=False)


def nobody_waits(part: Part) -> Text:
    """What is said of transactions without an edge."""
    whole = len(part.block) == len(part.whole)
    which = "transactions" if whole else "of these transactions"
    return Text(f"Nobody waits: no two {which} conflict.", "green")


def show_all_conflicts(part: Part, page: Page) -> None:
    """Show every conflicting pair, and whether it is an edge or follows from others."""
    block = part.block
    page.heading("All conflicts", "in the order of the file")
    if len(block) > TRANSACTIONS_COUNTED_MAX:
        page.show(conflicts_in_words(part))
        return
    limit = _LISTED_MAX if page.is_terminal else _LISTED_PIPED_MAX
    found = list_conflicts(block.access, limit)
    pairs: list[tuple[int, int]] = found.listed.tolist()
    _show_pairs(part, page, [(later, earlier) for earlier, later in pairs], marked=True)
    rest = found.total - len(pairs)
    if rest:
        page.show(Text(f"… and {count(rest)} more; choose some, as with --account", "dim"))
    page.show(Text(conflicts_in_words(part), "dim"))


def conflicts_in_words(part: Part) -> str:
    """How many edges there are, and how many conflicting pairs they stand for."""
    edges, total = part.block.dag.edge_count, count_conflicts(part.block.access)
    if total is None:
        limit = count(TRANSACTIONS_COUNTED_MAX)
        return f"{counted(edges, 'edge')}; conflicting pairs are counted up to {limit} transactions"
    stand = "stands" if edges == 1 else "stand"
    return (
        f"{counted(edges, 'edge')} {stand} for {counted(total, 'conflicting pair')}: on one "
        "account, what follows from others has none."
    )


def _show_pairs(
    part: Part,
    page: Page,
    pairs: list[tuple[int, int]],
    *,
    marked: bool,
) -> None:
    """A row for each (later, earlier); `marked`: also whether it is direct."""
    ids, dag = part.block.ids, part.block.dag
    kinds = [""] if marked else []
    table = columns("transaction", "waits for", *kinds, "because of")
    previous = -1
    for later, earlier in pairs:
        kind = ["direct" if dag.waits_directly(earlier, later) else "implied"] if marked else []
        table.add_row(
            "" if later == previous else page.key(ids[later]),
            page.key(ids[earlier]),
            *kind,
            reason(part.block.conflicts(earlier, later), part.block.about, page),
        )
        previous = later
    page.show(table)
