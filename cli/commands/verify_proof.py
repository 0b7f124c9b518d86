"""`sealane verify-proof`: does a proof hold, given nothing but the root?"""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.options import AsJson
from ..output.exit_codes import CHECK_FAILED


def verify_proof_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The proof, as state --prove writes it; - is standard input."
        ),
    ],
    root: Annotated[
        str, typer.Option(metavar="HEX", help="The accounts root that you trust, 64 hex digits.")
    ],
    key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="The account that the proof must be about: a key or a name."
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing if the proof holds.")
    ] = False,
) -> None:
    """Verify a proof that an account exists, or does not.

    Needs the proof and a root, no store. Says what the account holds. Exit code 1: the proof does
    not hold; 2: the file is not a proof.
    """
    from ...merkle import verify_proof
    from ...merkle.verification import root_bytes
    from ..inputs.proof_file import read_proof

    trusted = root_bytes(root)
    document = read_proof(file)
    verdict = verify_proof(document, trusted, key)
    if as_json:
        from ..output.stdout import write_json
        from ..reports.proof_report import verdict_document

        write_json(verdict_document(document, verdict, trusted))
    elif not (quiet and verdict.holds):
        from ..render.page import Page
        from ..render.proof_view import render_verdict

        page = Page()
        render_verdict(document, verdict, trusted, page)
        page.write()
    if not verdict.holds:
        raise typer.Exit(CHECK_FAILED)
