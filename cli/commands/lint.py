"""`sealane lint`: do transactions declare what they touch, and what would mending it save?"""

from __future__ import annotations

import typer

from ..inputs.options import AsJson, Case, File, Labels, NoVotes, Programs, Quiet
from ..output.exit_codes import CHECK_FAILED


def lint_command(
    file: File,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    case: Case = None,
    quiet: Quiet = False,
) -> None:
    """Compare what is declared with what is touched.

    Says what is missing, what is too much, and what mending it saves in waves and on the critical
    path. Executes a fixture; from a recorded block of Solana or Sei, says what it proves. Exit code
    1: something is undeclared.
    """
    from ...analysis.lint import lint
    from ...ingest.building.recording import Reading
    from ..inputs.opening import open_block
    from ..output.progress import progress_bar
    from ..output.stdout import kept_for_results

    reading = Reading(votes=not no_votes)
    block = open_block(file, program, reading=reading, labels=labels, case=case, quiet=quiet)
    with kept_for_results(), progress_bar("linting", 2 * len(block), quiet=quiet) as advance:
        result = lint(block, progress=advance)
    if as_json:
        from ..output.stdout import write_json

        write_json(result.to_dict())
    else:
        from ..render.lint_view import render_lint, show_undeclared
        from ..render.page import Page

        page = Page()
        if quiet:
            show_undeclared(result, block.about, page)
        else:
            render_lint(file, result, block.about, page)
        page.write()
    if result.undeclared:
        raise typer.Exit(CHECK_FAILED)
