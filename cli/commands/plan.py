"""`sealane plan`: how parallel is this block, and what holds it back?"""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.options import AsJson, File, NoVotes, Programs, Quiet


def plan_command(
    file: File,
    as_json: AsJson = False,
    edges: Annotated[
        bool, typer.Option("--edges", help="Add who waits directly for whom.")
    ] = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    quiet: Quiet = False,
) -> None:
    """Schedule only: waves, critical path, hot accounts.

    Runs nothing, and needs no balances. Takes fixtures and Solana blocks.
    """
    from ..inputs.opening import open_schedule

    schedule = open_schedule(file, program, votes=not no_votes, quiet=quiet)
    if as_json:
        from ..output.stdout import write_json

        write_json(schedule.to_dict(edges=edges))
    else:
        from ..render.page import Page
        from ..render.plan_view import render_plan, show_edges, show_summary

        page = Page()
        (show_summary if quiet else render_plan)(schedule, page)
        if edges:
            show_edges(schedule, page)
        page.write()
