"""`sealane graph`: who waits for whom, drawn in the terminal or exported."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..inputs.options import AsJson, Brief, File, NoVotes, Programs, require_one_format


class GraphFormat(StrEnum):
    """Formats of other tools."""

    DOT = "dot"
    MERMAID = "mermaid"
    GRAPHML = "graphml"
    JSON = "json"


def graph_command(
    file: File,
    export: Annotated[
        GraphFormat | None,
        typer.Option("--format", "-f", help="Export the whole graph instead of drawing it."),
    ] = None,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    quiet: Brief = False,
) -> None:
    """Draw the conflict graph, or export it.

    A small block is drawn with every transaction and edge, a large one as lanes of its waves.
    """
    from ..inputs.opening import open_schedule

    require_one_format(as_json=as_json, other=None if export is GraphFormat.JSON else export)
    schedule = open_schedule(file, program, votes=not no_votes, quiet=quiet)
    if as_json or export is GraphFormat.JSON:
        from ..output.stdout import write_json
        from ..reports.exports import node_link

        write_json(node_link(schedule))
    elif export is not None:
        from ..output.stdout import write_lines
        from ..reports.exports import TEXT_FORMATS

        write_lines(TEXT_FORMATS[export.value](schedule))
    else:
        from ..render.graph_view import render_graph
        from ..render.page import Page

        page = Page()
        render_graph(schedule, page, quiet=quiet)
        page.write()
