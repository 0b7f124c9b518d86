"""`sealane graph --operations` for people: each operation of a Sei block with what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import basename
from typing import Final

from ....ingest.sei.operation_graph import ANTE_HANDLER, OperationGraph, OperationNode
from ....primitives.one_line import counted
from ..page import Page, columns
from ..text import Text

_ROWS_SHOWN_MAX: Final = 40  # on a terminal; all if piped
_WAITS_SHOWN_MAX: Final = 12


def render_operations(
    file: str, graph: OperationGraph, ids: Sequence[str], page: Page, *, quiet: bool
) -> None:
    """The whole view; with `quiet`, only the table. `ids` names the transactions."""
    if not quiet:
        _show_summary(file, graph, page)
    waits: dict[int, list[int]] = {}
    for earlier, later in graph.edges:
        waits.setdefault(later, []).append(earlier)
    table = columns("node", "transaction", "message", "operation", "waits for", right="node")
    numbered = list(enumerate(graph.nodes))
    shown = page.fitting(numbered, _ROWS_SHOWN_MAX)
    for number, node in shown:
        operation = Text(page.message(str(node.operation)), _style(node))
        waited_for = page.fitting(waits.get(number, ()), _WAITS_SHOWN_MAX)
        more = " …" if len(waited_for) < len(waits.get(number, ())) else ""
        message = "ante" if node.message == ANTE_HANDLER else str(node.message)
        table.add_row(
            str(number),
            page.key(ids[node.transaction]),
            message,
            operation,
            " ".join(map(str, waited_for)) + more,
        )
    page.show(table)
    page.show_rest(numbered, shown)


def _style(node: OperationNode) -> str:
    if node.operation.is_commit:
        return "dim"
    return "bold magenta" if node.operation.access.writes else ""


def _show_summary(file: str, graph: OperationGraph, page: Page) -> None:
    edges, pairs = len(graph.edges), len(graph.transaction_edges)
    parts = f"  {counted(len(graph.nodes), 'operation')} · {counted(edges, 'edge')}"
    page.show(
        Text.assemble((basename(file), "bold"), (parts, "dim")),
        Text(
            f"{counted(pairs, 'pair')} of transactions. What waits for a write waits until that "
            "transaction commits, so the edge starts at its last operation; what waits for a read "
            "waits for the read alone.",
            "dim",
        ),
        "",
    )
