"""`sealane plan`: how parallel is this block, and what holds it back?"""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.options import (
    AsJson,
    File,
    Granularity,
    Labels,
    NoVotes,
    Programs,
    Quiet,
    With,
    WorkerCounts,
)


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
    quiet: Quiet = False,
) -> None:
    """Schedule only: what holds it back, waves, critical path.

    Runs nothing, and needs no balances. Takes fixtures and Solana blocks.
    """
    from ...ingest.loaded_block import reading_of
    from ..inputs.opening import open_schedule

    reading = reading_of(not no_votes, granularity, beside or ())
    schedule = open_schedule(file, program, reading=reading, labels=labels, quiet=quiet)
    if as_json:
        from ..output.stdout import write_json

        write_json(schedule.to_dict(edges=edges, workers=workers or ()))
    else:
        from ..render.lanes_view import show_lanes
        from ..render.page import Page
        from ..render.plan_view import render_plan, show_edges, show_summary

        page = Page()
        (show_summary if quiet else render_plan)(schedule, page)
        if workers:
            show_lanes(schedule, workers, page)
        if edges:
            show_edges(schedule, page)
        page.write()
