"""`sealane replay`: a real block's balance changes, through the runtime, each one checked."""

from __future__ import annotations

from time import perf_counter

import typer

from ..inputs.options import AsJson, NoVotes, Quiet, SolanaBlock, Verbose, Workers
from ..output.exit_codes import CHECK_FAILED
from ..output.verbosity import show_log


def replay_command(
    file: SolanaBlock,
    workers: Workers = None,
    as_json: AsJson = False,
    no_votes: NoVotes = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Replay a real block's balances and check each.

    Every transaction declares the accounts it had, pays its fee, and applies what was recorded.
    """
    from ...testing.checked_runs.replay import (
        check_replay,
        replay_block,
        replay_runtime,
        require_unbroken,
    )
    from ..inputs.opening import load_recorded
    from ..output.progress import progress_bar

    show_log(verbose, quiet=quiet)
    started = perf_counter()
    recorded = load_recorded(file, votes=not no_votes)
    if no_votes:
        require_unbroken(recorded)
    block = replay_block(recorded)
    with (
        replay_runtime(recorded, workers) as runtime,
        progress_bar("replaying", len(block), quiet=quiet or verbose > 0) as advance,
    ):
        load_s = perf_counter() - started
        result = runtime.execute(block, progress=advance)
        check = check_replay(recorded, result, runtime)
        if as_json:
            from ..output.stdout import write_json
            from ..reports.json_documents import replay_document

            accounts = {key: runtime.account(key) for key in block.keys}
            write_json(replay_document(file, result, accounts, check, load_s))
        else:
            from ..render.page import Page
            from ..render.replay_view import render_replay

            page = Page()
            render_replay(file, result, check, load_s, page, quiet=quiet)
            page.write()
    if check.mismatches:
        raise typer.Exit(CHECK_FAILED)
