"""`sealane run`: execute fixtures and check what they expect."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, nullcontext
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import typer

from ..inputs.options import (
    Again,
    AsJson,
    Expect,
    Fixtures,
    Memory,
    Programs,
    Quiet,
    RootKind,
    StoreFolder,
    Timeout,
    Trace,
    Verbose,
    Workers,
)
from ..inputs.signatures import FixtureSignatureMode, SignaturesOfFixtures
from ..output.committed import committing
from ..output.exit_codes import CHECK_FAILED, complain
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from ...ingest.fixture.model import FixtureFile
    from ...runtime import Runtime
    from ...signatures.block_signatures import SignatureReport
    from ...testing.checked_runs.fixture_run import FixtureRun


def run_command(
    files: Fixtures,
    workers: Workers = None,
    as_json: AsJson = False,
    store: StoreFolder = None,
    expect: Expect = None,
    root: RootKind = None,
    again: Again = False,
    trace: Trace = None,
    program: Programs = None,
    timeout: Timeout = None,
    memory: Memory = None,
    signatures: SignaturesOfFixtures = FixtureSignatureMode.off,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Execute blocks and check what they expect.

    Each file starts from nothing; with --store, from where the last block left off. Prints
    results, waves, and what failed and why. With --signatures on, a block that is not signed by all
    who have to sign is not executed.
    """
    from ...primitives import UsageError
    from ...runtime import Runtime
    from ..inputs.known_programs import known_programs
    from ..inputs.limits import worker_limits
    from ..output.several import one_or_list
    from ..output.stdout import write_json
    from ..reports.json_documents import Document, run_document, signatures_document
    from ..reports.run_trace import RunTrace

    if again and store is None:
        raise UsageError("--again is about blocks that a store has run; name it with --store DIR")
    if expect is not None and store is None:
        raise UsageError("--expect is about a block of a store; name the store with --store DIR")
    show_log(verbose, quiet=quiet)
    traced = None if trace is None else RunTrace(trace, files)
    documents: list[Document] = []
    failed = 0
    limits = worker_limits(timeout, memory)

    def runtime() -> Runtime:
        known = known_programs(program)
        return Runtime(
            workers=workers,
            programs=known,
            store=store,
            expect=expect,
            root=root,
            limits=limits,
        )

    # Blocks of a store build on each other; without one, each file gets its own runtime.
    sequences = [[file] for file in files] if store is None else [files]
    how = _How(
        store=store,
        again=again,
        timed=trace is not None,
        signed=signatures is FixtureSignatureMode.on,
        quiet=quiet,
        silent=quiet or verbose > 0,
    )
    try:
        with closing(_runs(sequences, runtime, how)) as runs:
            for place, (file, run, load_s, found) in enumerate(runs):
                failed += len(run.check.failed)
                if traced is not None:
                    traced.add(file, run.result)
                if as_json:
                    documents.append(run_document(file, run, load_s, found))
                else:
                    _show(file, run, load_s, found, quiet=quiet, first=place == 0)
    except _Unsigned as unsigned:
        failed += len(unsigned.faults)
        documents.append({"file": unsigned.file, **signatures_document(unsigned.found)})
        for fault in unsigned.faults:
            complain(fault)
    if as_json:
        write_json(one_or_list(documents))
    if traced is not None:
        traced.write()
    if failed:
        raise typer.Exit(CHECK_FAILED)


class _Unsigned(Exception):
    """A block that is not executed, since signatures are missing or wrong: a message for each."""

    def __init__(self, file: str, faults: list[str], found: SignatureReport) -> None:
        self.file = file
        self.faults = faults
        self.found = found
        super().__init__(file)


class _How(NamedTuple):
    """How to run the files; the command's options."""

    store: str | None
    again: bool
    timed: bool
    signed: bool
    quiet: bool
    silent: bool  # no bar, which would be torn by other lines


def _runs(
    sequences: Sequence[Sequence[str]], runtime: Callable[[], Runtime], how: _How
) -> Generator[tuple[str, FixtureRun, float, SignatureReport | None]]:
    """Run the files in order; also gives the seconds spent outside what the runtime times, and what
    came of the signatures."""
    from ...node.chain.chain import require_no_chain

    for sequence in sequences:
        started = perf_counter()
        with runtime() as shared:
            if how.store is not None:
                require_no_chain(shared.state, how.store)
            for file in sequence:
                fixture, found = _opened(file, shared, how)
                with nullcontext() if how.store is None else committing(shared):
                    run = _run(file, fixture, shared, how)
                timing = run.result.timing
                timed_s = timing.schedule_s + timing.execute_s + timing.commit_s
                yield file, run, perf_counter() - started - timed_s, found
                started = perf_counter()


def _opened(file: str, runtime: Runtime, how: _How) -> tuple[FixtureFile, SignatureReport | None]:
    """The fixture, verified. Raises _Unsigned if it has to be signed, and is not."""
    from ...ingest.building.build import build_fixture
    from ..inputs.opening import load_fixture

    fixture = load_fixture(file, "run")
    if not how.signed:
        return fixture, None
    built = build_fixture(fixture, runtime.programs)
    found = built.signatures.of_block(built.block).verified(runtime.verify_signatures)
    if not found.ok:
        faults = [str(fault) for fault in built.signatures.faults(built.block, found)]
        raise _Unsigned(file, faults, found)
    return fixture, found


def _run(file: str, fixture: FixtureFile, runtime: Runtime, how: _How) -> FixtureRun:
    from ...ingest.building.typos import name_warnings
    from ...testing.checked_runs.fixture_run import run_fixture
    from ..output.name_warnings import show_name_warnings
    from ..output.progress import progress_bar
    from ..output.stdout import kept_for_results

    with (
        kept_for_results(),
        progress_bar("running", fixture.transaction_count, quiet=how.silent) as advance,
    ):
        run = run_fixture(fixture, runtime, progress=advance, again=how.again, timeline=how.timed)
    if not how.quiet:
        show_name_warnings(file, name_warnings(run.built))
    return run


def _show(
    file: str,
    run: FixtureRun,
    load_s: float,
    found: SignatureReport | None,
    *,
    quiet: bool,
    first: bool,
) -> None:
    from ..render.page import Page
    from ..render.run_view import render_run

    page = Page()
    if not (first or quiet):
        page.show("")
    verified = None if found is None else found.verified
    render_run(file, run, load_s, page, quiet=quiet, verified=verified)
    page.write()
