"""`sealane plan`: how parallel is this block, and what holds it back?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..inputs.options import (
    AsJson,
    Case,
    File,
    Granularity,
    Labels,
    NoVotes,
    Programs,
    Quiet,
    With,
    WorkerCounts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...ingest.loaded_block import LoadedBlock


def plan_command(
    file: File,
    workers: WorkerCounts = None,
    as_json: AsJson = False,
    edges: Annotated[
        bool, typer.Option("--edges", help="Add who waits directly for whom.")
    ] = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    beside: With = None,
    granularity: Granularity = "slot",
    case: Case = None,
    quiet: Quiet = False,
) -> None:
    """Schedule only: what holds it back, waves, critical path.

    Runs nothing, and needs no balances. Takes fixtures and recorded blocks; if a file has several,
    shows each.
    """
    from ...ingest.loaded_block import reading_of
    from ..inputs.opening import open_blocks

    reading = reading_of(not no_votes, granularity, beside or ())
    blocks = open_blocks(file, program, reading=reading, labels=labels, case=case, quiet=quiet)
    if as_json:
        from ..output.several import one_or_list
        from ..output.stdout import write_json

        write_json(one_or_list([_document(each, edges, workers or ()) for each in blocks]))
    else:
        _show(blocks, edges, workers or (), quiet=quiet)


def _document(block: LoadedBlock, edges: bool, workers: Sequence[int]) -> dict[str, Any]:
    case = {} if block.case is None else {"case": block.case}
    return case | block.schedule().to_dict(edges=edges, workers=workers)


def _show(
    blocks: Sequence[LoadedBlock], edges: bool, workers: Sequence[int], *, quiet: bool
) -> None:
    from ..render.lanes_view import show_lanes
    from ..render.page import Page
    from ..render.plan_view import render_plan, show_case, show_edges, show_summary

    page = Page()
    for place, block in enumerate(blocks):
        if place:
            page.show("")
        if block.case is not None:
            show_case(block.case, page)
        schedule = block.schedule()
        (show_summary if quiet else render_plan)(schedule, page)
        if workers:
            show_lanes(schedule, workers, page)
        if edges:
            show_edges(schedule, page)
    page.write()
