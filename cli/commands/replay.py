"""`sealane replay`: runs what a real block changed through the runtime, and checks each value."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import typer

from ..inputs.options import (
    AsJson,
    Case,
    NoVotes,
    Quiet,
    RecordedFile,
    RootKind,
    Verbose,
    With,
    Workers,
)
from ..inputs.signatures import RecordedSignatures, SignatureMode, fails
from ..output.exit_codes import CHECK_FAILED
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from ...testing.checked_runs.prepared_replay import PreparedReplay, Replayed


def replay_command(
    file: RecordedFile,
    workers: Workers = None,
    as_json: AsJson = False,
    no_votes: NoVotes = False,
    beside: With = None,
    case: Case = None,
    root: RootKind = None,
    signatures: RecordedSignatures = SignatureMode.off,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Replay what a real block changed, and check each value.

    Every transaction declares the accounts it had, checks what they hold, and changes them as it
    did then.
    """
    from ...ingest.loaded_block import reading_of
    from ..inputs.replaying import open_replays
    from ..output.several import one_or_list
    from ..reports.json_documents import Document, replay_document

    show_log(verbose, quiet=quiet)
    started = perf_counter()
    replays = open_replays(file, reading_of(not no_votes, "slot", beside or ()), case)
    documents: list[Document] = []
    failed = False
    how = _How(workers, root, signatures, quiet=quiet, silent=quiet or verbose > 0)
    for place, replay in enumerate(replays):
        replayed = _replay(replay, how)
        failed |= bool(replayed.check.mismatches) or fails(signatures, replayed.signatures)
        load_s = perf_counter() - started - replayed.runtime_s
        if as_json:
            documents.append(replay_document(file, replay, replayed, load_s))
        else:
            _show(file, replay, replayed, load_s, how, first=place == 0)
        started = perf_counter()
    if as_json:
        from ..output.stdout import write_json

        write_json(one_or_list(documents))
    if failed:
        raise typer.Exit(CHECK_FAILED)


class _How(NamedTuple):
    """How to replay the blocks; the command's options."""

    workers: int | None
    root: str | None
    signatures: SignatureMode
    quiet: bool
    silent: bool  # no bar, which would be torn by other lines


def _replay(replay: PreparedReplay, how: _How) -> Replayed:
    from ..output.progress import progress_bar

    signed = how.signatures is not SignatureMode.off
    with progress_bar("replaying", len(replay.transactions), quiet=how.silent) as advance:
        return replay.run(how.workers, advance, how.root, signatures=signed)


def _show(
    file: str,
    replay: PreparedReplay,
    replayed: Replayed,
    load_s: float,
    how: _How,
    *,
    first: bool,
) -> None:
    from ..render.page import Page
    from ..render.replay_view import render_replay
    from ..render.signature_view import render_signatures

    page = Page()
    if not (first or how.quiet):
        page.show("")
    render_replay(file, replay, replayed, load_s, page, quiet=how.quiet)
    if replayed.signatures is not None:
        strict = how.signatures is SignatureMode.on
        render_signatures(replayed.signatures, page, quiet=how.quiet, strict=strict)
    page.write()
