"""`sealane survey`: how parallel are many blocks, and what holds each of them back?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.completion import complete_file
from ..inputs.options import AsJson, Labels, NoVotes, Programs, Quiet, Workers
from ..output.exit_codes import BAD_INPUT

if TYPE_CHECKING:
    from ...analysis.survey import Row

_STDOUT = "-"


def survey_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="Fixtures or recorded blocks; a folder stands for the .json, .jsonl, .yaml and "
            ".gz files in it; - is stdin.",
            autocompletion=complete_file,
        ),
    ],
    workers: Workers = None,
    as_json: AsJson = False,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="OUT", help="Write a CSV table; - is stdout.")
    ] = None,
    parquet: Annotated[
        str | None,
        typer.Option(metavar="OUT", help="Write a Parquet table; needs the extra `survey`."),
    ] = None,
    plots: Annotated[
        str | None,
        typer.Option(metavar="OUT.html", help="Write a page of plots; needs the extra `report`."),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Note each block that is done; with the same journal, a survey goes on where it "
            "was.",
        ),
    ] = None,
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    quiet: Quiet = False,
) -> None:
    """Many blocks, a row of figures each.

    Transactions, conflicts, waves, parallelism, what holds the block back, and predicted speed-ups.
    A file that cannot be read has its error in its row, and the others go on.
    """
    from ..output.failed_files import show_failed_files

    _check_outputs(as_json=as_json, csv=csv, parquet=parquet, plots=plots)
    show = _view(as_json=as_json, shown=csv != _STDOUT and not quiet)
    rows = _surveyed(files, workers, journal, program, labels or (), no_votes=no_votes, quiet=quiet)
    _write_tables(rows, csv, parquet)
    if plots is not None:
        from ..report_page.survey_page import plots_html
        from ..reports.page_file import write_page

        write_page(plots, plots_html(rows))
    show(rows)
    failed = [(row.file, row.error) for row in rows if row.error is not None]
    if failed:
        show_failed_files(failed, len({row.file for row in rows}))
        raise typer.Exit(BAD_INPUT)


def _view(*, as_json: bool, shown: bool) -> Callable[[list[Row]], None]:
    """What shows the rows on stdout. It is imported here, while the workers are still starting."""
    if as_json:
        from ..output.stdout import write_json

        return lambda rows: write_json([row.to_dict() for row in rows])
    if not shown:
        return lambda rows: None
    from ..render.page import Page
    from ..render.survey_view import render_survey

    def show(rows: list[Row]) -> None:
        page = Page()
        render_survey(rows, page)
        page.write()

    return show


def _check_outputs(
    *, as_json: bool, csv: str | None, parquet: str | None, plots: str | None
) -> None:
    """Raise before anything is read, rather than when all is done."""
    from ...ingest.files.writing import require_writable
    from ...primitives import UsageError

    if as_json and csv == _STDOUT:
        raise UsageError("--json and --csv - both write to stdout: name a file for one of them")
    if csv not in (None, _STDOUT):
        require_writable(csv)
    if parquet is not None:
        from ...analysis.survey.parquet_table import require_parquet

        require_parquet()
        require_writable(parquet)
    if plots is not None:
        from ..report_page import charts as charts  # says what to install where Bokeh is not there

        require_writable(plots)


def _surveyed(
    given: list[str],
    workers: int | None,
    journal: str | None,
    program: list[str] | None,
    labels: Sequence[str],
    *,
    no_votes: bool,
    quiet: bool,
) -> list[Row]:
    from ...analysis.survey import Journal, Settings, survey
    from ...analysis.survey.files import files_to_survey
    from ..output.progress import progress_bar
    from ..output.stdout import kept_for_results

    settings = Settings(no_votes)
    if program or labels:  # importing these would keep the workers from starting
        from ...ingest.files.labels import read_label_files
        from ..inputs.known_programs import import_program

        programs = tuple(map(import_program, program or ()))
        settings = Settings(no_votes, programs, read_label_files(labels))
    files = list(files_to_survey(given))
    with (
        nullcontext() if journal is None else Journal(journal, settings.words()) as kept,
        progress_bar("surveying", len(files), quiet=quiet, long_from=2) as advance,
        kept_for_results(),
    ):
        return survey(files, workers=workers, settings=settings, journal=kept, done=advance)


def _write_tables(rows: list[Row], csv: str | None, parquet: str | None) -> None:
    from ...ingest.files.writing import write_whole

    if csv is not None:
        from ...analysis.survey.csv_table import csv_lines
        from ..output.stdout import write_lines

        if csv == _STDOUT:
            write_lines(csv_lines(rows))
        else:
            write_whole(csv, "".join(f"{line}\n" for line in csv_lines(rows)).encode())
    if parquet is not None:
        from ...analysis.survey.parquet_table import parquet_bytes

        write_whole(parquet, parquet_bytes(rows))
