"""`sealane verify`: is the outcome the same however the block is executed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.options import AsJson, File, NoVotes, Programs, Quiet, Verbose, Workers, whole_number
from ..output.exit_codes import CHECK_FAILED
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from ...ingest.fixture.names import Names
    from ...runtime import Block, Runtime


def verify_command(
    file: File,
    workers: Workers = None,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
    seed: Annotated[
        int,
        typer.Option(
            parser=whole_number,
            metavar="N",
            help="Another seed, other legal orders and hash seeds.",
        ),
    ] = 0,
) -> None:
    """Execute in many ways and compare the outcomes.

    Serially, on other worker counts, and in shuffled legal orders. Says where they differ first.
    """
    from ...runtime.verification import WORKER_COUNTS, verify_block
    from ..output.progress import stages_bar
    from ..output.stdout import kept_for_results

    show_log(verbose, quiet=quiet)
    counts = WORKER_COUNTS if workers is None else (workers,) if workers else ()
    runtime, block, names = _prepared(file, program, votes=not no_votes, quiet=quiet)
    with runtime, kept_for_results(), stages_bar(quiet=quiet or verbose > 0) as told:
        verification = verify_block(
            runtime,
            block,
            worker_counts=counts,
            seed=seed,
            progress=lambda step: told(*step),
        )
    if names is not None:
        verification = verification.named(names.in_text)
    if as_json:
        from ..output.stdout import write_json
        from ..reports.json_documents import verify_document

        write_json(verify_document(file, verification))
    else:
        from ..render.page import Page
        from ..render.verify_view import render_verification

        page = Page()
        render_verification(file, len(block), verification, page, quiet=quiet)
        page.write()
    if not verification.ok:
        raise typer.Exit(CHECK_FAILED)


def _prepared(
    file: str, program: list[str] | None, *, votes: bool, quiet: bool
) -> tuple[Runtime, Block, Names | None]:
    """A runtime in the state before the block, the block, and its file's account names.

    For a fixture or a replay; recorded blocks have keys but no names.
    """
    from ...ingest.building.build import build_fixture
    from ...ingest.building.needed_programs import add_installed
    from ...ingest.building.recording import Reading
    from ...ingest.building.typos import name_warnings
    from ...ingest.fixture.model import FixtureFile
    from ...ingest.read_input import read_input
    from ...runtime import Runtime
    from ...testing.checked_runs.fixture_run import place_accounts
    from ...testing.checked_runs.replay import replay_block, replay_runtime
    from ..inputs.known_programs import known_programs
    from ..inputs.opening import replayable
    from ..output.name_warnings import show_name_warnings

    loaded = read_input(file, Reading(votes=votes))
    if not isinstance(loaded, FixtureFile):
        recorded = replayable(loaded, file)
        return replay_runtime(recorded, 0), replay_block(recorded), None
    known = known_programs(program)
    add_installed(known, loaded)
    built = build_fixture(loaded, known)
    if not quiet:
        show_name_warnings(file, name_warnings(built))
    built.require_runnable()
    runtime = Runtime(workers=0, programs=known, rent=loaded.rent)
    place_accounts(built, runtime)
    return runtime, built.block, built.names
