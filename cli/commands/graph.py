"""`sealane graph`: who waits for whom, drawn in the terminal or exported."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.completion import complete_transaction
from ..inputs.options import (
    AsJson,
    Brief,
    Case,
    File,
    Granularity,
    Labels,
    NoVotes,
    With,
    require_one_format,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...ingest.loaded_block import LoadedBlock
    from ...ingest.sei.recording import SeiRecording
    from ...scheduler.picture.part import Part
    from ..reports.graph.graph_file import GraphFile


class GraphFormat(StrEnum):
    """Formats of other tools."""

    DOT = "dot"
    MERMAID = "mermaid"
    GRAPHML = "graphml"
    SVG = "svg"
    JSON = "json"


class GraphView(StrEnum):
    """What to draw in the terminal."""

    GRAPH = "graph"
    WAVES = "waves"
    LANES = "lanes"
    MATRIX = "matrix"
    GROUPS = "groups"
    PATH = "path"
    ALL = "all"


class Order(StrEnum):
    """What the first of --top have most of."""

    COST = "cost"
    CONFLICTS = "conflicts"


def graph_command(
    file: File,
    view: Annotated[
        GraphView | None,
        typer.Option(
            "--view",
            help="graph: boxes and arrows; waves: by count; lanes: by cost; matrix: who conflicts; "
            "groups: what holds it back; path: the costliest chain.",
            show_default="by size",
        ),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            metavar="KEY",
            help="Only transactions that lock it; repeatable.",
            show_default=False,
        ),
    ] = None,
    program: Annotated[
        list[str] | None,
        typer.Option(
            "--program",
            "-p",
            metavar="NAME",
            help="Only transactions that call it; MODULE:ATTRIBUTE is a program of yours instead, "
            "needed to read the file. Repeatable.",
            show_default=False,
        ),
    ] = None,
    around: Annotated[
        str | None,
        typer.Option(
            "--around",
            metavar="ID",
            help="Only this transaction, those it waits for, and those that wait for it.",
            autocompletion=complete_transaction,
            show_default=False,
        ),
    ] = None,
    levels: Annotated[
        int,
        typer.Option(
            "--levels",
            parser=whole_number,
            metavar="N",
            help="How many edges --around goes in each direction.",
        ),
    ] = 2,
    top: Annotated[
        int | None,
        typer.Option(
            "--top",
            parser=whole_number,
            metavar="K",
            help="Of these, only the K first by --by.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        Order, typer.Option("--by", help="What --top ranks by: cost, or direct conflicts.")
    ] = Order.COST,
    step: Annotated[
        bool,
        typer.Option("--step", help="Walk from wave to wave: Enter, b for back, q to quit."),
    ] = False,
    all_conflicts: Annotated[
        bool,
        typer.Option("--all-conflicts", help="Add the conflicts that follow from other edges."),
    ] = False,
    operations: Annotated[
        bool,
        typer.Option(
            "--operations",
            help="Show the operations of a Sei block instead, each with those it waits for in the "
            "graph that Sei builds; a table, or with --json.",
        ),
    ] = False,
    export: Annotated[
        GraphFormat | None,
        typer.Option("--format", "-f", help="Export the graph instead of drawing it."),
    ] = None,
    as_json: AsJson = False,
    no_votes: NoVotes = False,
    labels: Labels = None,
    beside: With = None,
    case: Case = None,
    granularity: Granularity = "slot",
    quiet: Brief = False,
) -> None:
    """Draw the conflict graph, or export it.

    A small block is drawn with every transaction and edge, a large one by what holds it back, its
    waves, and when they run.
    """
    from ...ingest.loaded_block import reading_of
    from ...scheduler.picture.part import Choice, choose
    from ..inputs.opening import open_block, open_blocks
    from ..inputs.program_options import split_programs

    require_one_format(as_json=as_json, other=None if export is GraphFormat.JSON else export)
    _require_one_picture(view=view, step=step, export=as_json or export is not None)
    own, called = split_programs(program or ())
    reading = reading_of(not no_votes, granularity, beside or ())
    if operations:
        chosen = bool(account or called or around or top or all_conflicts or view or step)
        _require_alone(chosen=chosen, export=export)
        blocks = open_blocks(file, own, reading=reading, labels=labels, case=case, quiet=quiet)
        _show_operations(blocks, as_json=as_json or export is not None, quiet=quiet)
        return
    block = open_block(file, own, reading=reading, labels=labels, case=case, quiet=quiet)
    schedule = block.schedule()
    choice = Choice(
        accounts=account or (),
        programs=called,
        around=around,
        levels=levels,
        top=top,
        by_conflicts=by is Order.CONFLICTS,
    )
    part = choose(schedule, choice)
    if as_json:
        export = GraphFormat.JSON
    if export is not None:
        from ..reports.graph.graph_file import GraphFile

        _export(GraphFile(part, all_conflicts=all_conflicts), export, quiet=quiet)
    elif step:
        _walk(part)
    else:
        from ..render.graph.graph_view import render_graph
        from ..render.page import Page

        page = Page()
        render_graph(part, page, view=view, all_conflicts=all_conflicts, quiet=quiet)
        page.write()


def _require_alone(*, chosen: bool, export: GraphFormat | None) -> None:
    """Raise UsageError for what --operations excludes.

    `chosen`: whether options choose transactions or a picture.
    """
    from ...primitives import UsageError

    if chosen or export not in (None, GraphFormat.JSON):
        raise UsageError(
            "--operations shows every operation of a block, as a table or with --json; leave out "
            "the options that choose transactions, a view or another format"
        )


def _show_operations(blocks: Sequence[LoadedBlock], *, as_json: bool, quiet: bool) -> None:
    """Show the operations of Sei blocks. Raises UsageError for others."""
    recordings = [_of_sei(block) for block in blocks]
    graphs = [recorded.operation_graph() for recorded in recordings]
    pairs = list(zip(recordings, graphs, strict=True))
    if as_json:
        from ..output.several import one_or_list
        from ..output.stdout import write_json

        cases = [{} if each.case is None else {"case": each.case} for each in recordings]
        documents = [graph.to_dict(recorded.ids) for recorded, graph in pairs]
        write_json(one_or_list([case | each for case, each in zip(cases, documents, strict=True)]))
        return
    from ..render.graph.operations_view import render_operations
    from ..render.page import Page
    from ..render.plan_view import show_case

    page = Page()
    for place, (recorded, graph) in enumerate(pairs):
        if place:
            page.show("")
        if recorded.case is not None and not quiet:
            show_case(recorded.case, page)
        render_operations(blocks[0].path, graph, recorded.ids, page, quiet=quiet)
    page.write()


def _of_sei(block: LoadedBlock) -> SeiRecording:
    from ...ingest.sei.recording import SeiRecording
    from ...primitives import UsageError

    if isinstance(block.recorded, SeiRecording):
        return block.recorded
    raise UsageError(
        "only blocks of Sei declare operations; leave out --operations", path=block.path
    )


def _require_one_picture(*, view: GraphView | None, step: bool, export: bool) -> None:
    """Raise UsageError for options of which only one can count."""
    from ...primitives import UsageError

    given = [
        name
        for name, is_given in (
            ("--view", view is not None),
            ("--step", step),
            ("--format", export),
        )
        if is_given
    ]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are two ways to show a block: leave out one")


def _export(graph: GraphFile, export: GraphFormat, *, quiet: bool) -> None:
    from ..output.stdout import write_json, write_lines
    from ..reports.graph.networkx_formats import node_link
    from ..reports.graph.text_formats import TEXT_FORMATS, caveat

    if export is GraphFormat.JSON:
        write_json(node_link(graph))
        return
    lines = list(TEXT_FORMATS[export.value](graph))
    write_lines(lines)
    said = caveat(export.value, lines)
    if said and not quiet:
        from ..output.stderr import say

        say(said)


def _walk(part: Part) -> None:
    from ..inputs.keys import has_keyboard, pressed_keys
    from ..render.graph.walk import walk

    if has_keyboard():
        with pressed_keys() as key:
            walk(part, key)
    else:
        walk(part, None)
