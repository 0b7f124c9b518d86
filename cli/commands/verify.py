"""`sealane verify`: is the outcome the same however the block is executed?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from ...signatures.block_signatures import BlockSignatures
from ..inputs.options import (
    AsJson,
    Case,
    File,
    NoVotes,
    Programs,
    Quiet,
    Verbose,
    With,
    Workers,
    whole_number,
)
from ..inputs.signatures import SignatureMode, Signatures, fails, verified
from ..output.exit_codes import CHECK_FAILED
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ...ingest.building.recording import Reading
    from ...ingest.fixture.model import FixtureFile
    from ...primitives import Transaction
    from ...runtime import Block, Runtime
    from ...runtime.verification import Verification
    from ...signatures.block_signatures import SignatureReport
    from ...testing.checked_runs.replay_check import HashCheck


def verify_command(
    file: File,
    workers: Workers = None,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    beside: With = None,
    case: Case = None,
    signatures: Signatures = SignatureMode.off,
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
    Also compares the hash of an Ethereum block's access list with the one in its header.
    """
    from ...ingest.loaded_block import reading_of
    from ...runtime.verification import WORKER_COUNTS
    from ...signatures.verifying import verify as verify_signatures
    from ..output.several import one_or_list
    from ..reports.json_documents import Document, verify_document

    show_log(verbose, quiet=quiet)
    counts = WORKER_COUNTS if workers is None else (workers,) if workers else ()
    how = _How(counts, seed, signatures, quiet=quiet, silent=quiet or verbose > 0)
    documents: list[Document] = []
    is_right = True
    reading = reading_of(not no_votes, "slot", beside or ())
    for place, block in enumerate(_blocks(file, program, reading, case, how)):
        verification = _verify(block, how)
        signed = verified(signatures, block.signatures, verify_signatures)
        is_right &= verification.ok and (block.list_hash is None or block.list_hash.is_right)
        is_right &= not fails(signatures, signed)
        if as_json:
            found = verify_document(file, verification, block.case, block.list_hash, signed)
            documents.append(found)
        else:
            _show(file, block, verification, signed, how, first=place == 0)
    if as_json:
        from ..output.stdout import write_json

        write_json(one_or_list(documents))
    if not is_right:
        raise typer.Exit(CHECK_FAILED)


class _How(NamedTuple):
    """How to verify: the command's options."""

    worker_counts: tuple[int, ...]
    seed: int
    signatures: SignatureMode
    quiet: bool
    silent: bool  # no bar, which would be torn by other lines


class _Block(NamedTuple):
    """A block to verify. `start`: a runtime in the state before it. `in_names`: puts names in place
    of keys."""

    transactions: Block | Sequence[Transaction]
    start: Callable[[], Runtime]
    in_names: Callable[[str], str]
    case: str | None = None
    list_hash: HashCheck | None = None
    signatures: Callable[[], BlockSignatures] = BlockSignatures


def _verify(block: _Block, how: _How) -> Verification:
    from ...runtime.verification import verify_block
    from ..output.progress import stages_bar
    from ..output.stdout import kept_for_results

    with block.start() as runtime, kept_for_results(), stages_bar(quiet=how.silent) as told:
        verification = verify_block(
            runtime,
            runtime.prepare(block.transactions),
            worker_counts=how.worker_counts,
            seed=how.seed,
            progress=lambda step: told(*step),
        )
    return verification.named(block.in_names)


def _show(
    file: str,
    block: _Block,
    verification: Verification,
    signed: SignatureReport | None,
    how: _How,
    *,
    first: bool,
) -> None:
    from ..render.page import Page
    from ..render.plan_view import show_case
    from ..render.signature_view import render_signatures
    from ..render.verify_view import render_list_hash, render_verification

    page, quiet = Page(), how.quiet
    if not (first or quiet):
        page.show("")
    if block.case is not None and not quiet:
        show_case(block.case, page)
    count = len(block.transactions)
    render_verification(file, count, verification, page, quiet=quiet)
    if block.list_hash is not None:
        render_list_hash(block.list_hash, page, quiet=quiet)
    if signed is not None:
        render_signatures(signed, page, quiet=quiet, strict=how.signatures is SignatureMode.on)
    page.write()


def _blocks(
    file: str, program: list[str] | None, reading: Reading, case: str | None, how: _How
) -> Generator[_Block]:
    """The blocks of a file, to verify: a fixture, or replays of what was recorded."""
    from ...ingest.fixture.model import FixtureFile
    from ...ingest.read_input import read_input
    from ..inputs.replaying import replays_of

    loaded = read_input(file, reading)
    if isinstance(loaded, FixtureFile):
        yield _of_fixture(
            loaded, program, quiet=how.quiet, every=how.signatures is SignatureMode.on
        )
        return
    for replay in replays_of(loaded, file, reading, case):
        yield _Block(
            replay.transactions,
            partial(replay.start, 0, None),
            replay.in_names,
            replay.case,
            replay.list_hash,
            replay.signatures,
        )


def _of_fixture(
    fixture: FixtureFile, program: list[str] | None, *, quiet: bool, every: bool
) -> _Block:
    from ...ingest.building.build import build_fixture
    from ...ingest.building.typos import name_warnings
    from ...runtime import Runtime
    from ...testing.checked_runs.fixture_run import place_accounts
    from ..inputs.known_programs import known_programs
    from ..output.name_warnings import show_name_warnings

    known = known_programs(program)
    built = build_fixture(fixture, known)
    if not quiet:
        show_name_warnings(fixture.path, name_warnings(built))
    built.require_runnable()

    def start() -> Runtime:
        runtime = Runtime(workers=0, programs=known, rent=fixture.rent)
        runtime.sysvars = built.sysvars(runtime.sysvars)
        place_accounts(built, runtime)
        return runtime

    # A node recorded none of a fixture's: `recorded` asks for nothing.
    signed = partial(built.signatures.of_block, built.block) if every else BlockSignatures
    return _Block(built.block, start, built.names.in_text, signatures=signed)
