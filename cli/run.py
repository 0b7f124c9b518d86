"""`sealane run`: execute fixtures and check what they expect."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import typer

from .ending import CHECK_FAILED
from .options import AsJson, Fixtures, Programs, Quiet, Workers

if TYPE_CHECKING:
    from ..ingest.fixture.run import FixtureRun


def run_command(
    files: Fixtures,
    workers: Workers = None,
    as_json: AsJson = False,
    program: Programs = None,
    quiet: Quiet = False,
) -> None:
    """Execute blocks and check what they expect.

    Each file starts from nothing. Prints results, waves, and what failed and why.
    """
    from .documents import Document, one_or_list, run_document
    from .stdout import write_json

    documents: list[Document] = []
    failed = 0
    for place, file in enumerate(files):
        run, load_s = _execute(file, workers, program, quiet=quiet)
        failed += len(run.check.failed)
        if as_json:
            documents.append(run_document(file, run, load_s))
        else:
            _show(file, run, load_s, quiet=quiet, first=place == 0)
    if as_json:
        write_json(one_or_list(documents))
    if failed:
        raise typer.Exit(CHECK_FAILED)


def _execute(
    file: str, workers: int | None, program: list[str] | None, *, quiet: bool
) -> tuple[FixtureRun, float]:
    """Run one fixture; also the seconds for all that the runtime does not time itself."""
    from ..ingest.fixture.run import run_fixture
    from ..runtime import Runtime
    from .opening import load_fixture
    from .programs import add_installed, known_programs
    from .progress import progress_bar

    started = perf_counter()
    fixture = load_fixture(file, "run")
    known = known_programs(program)
    add_installed(known, fixture)
    with (
        Runtime(workers=workers, programs=known) as runtime,
        progress_bar("running", fixture.transaction_count, quiet=quiet) as advance,
    ):
        run = run_fixture(fixture, runtime, progress=advance)
    timing = run.result.timing
    return run, perf_counter() - started - timing.schedule_s - timing.execute_s - timing.commit_s


def _show(file: str, run: FixtureRun, load_s: float, *, quiet: bool, first: bool) -> None:
    from .render.page import Page
    from .render.run_view import render_run

    page = Page()
    if not (first or quiet):
        page.show("")
    render_run(file, run, load_s, page, quiet=quiet)
    page.write()
