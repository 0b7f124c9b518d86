"""`sealane report`: a block on one page, for a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.options import (
    Case,
    File,
    Granularity,
    Labels,
    NoVotes,
    Programs,
    Quiet,
    With,
)


def report_command(
    file: File,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="OUT.html", help="The page to write; - is stdout."),
    ],
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    beside: With = None,
    case: Case = None,
    granularity: Granularity = "slot",
    quiet: Quiet = False,
) -> None:
    """Write a page that shows the block, for a browser.

    Lanes over time, what holds the block back, the critical path, speed-ups by policy. Looking at
    it takes no network; writing it takes the extra `report`.
    """
    from ...ingest.loaded_block import reading_of
    from ..inputs.opening import open_schedule
    from ..report_page.report import report_html
    from ..reports.page_file import write_page

    reading = reading_of(not no_votes, granularity, beside or ())
    schedule = open_schedule(file, program, reading=reading, labels=labels, case=case, quiet=quiet)
    write_page(output, report_html(schedule))
