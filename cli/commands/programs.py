"""`sealane programs`: what can be called, with parameters, accounts and errors."""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.completion import complete_called
from ..inputs.options import AsJson, Programs


def programs_command(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME[.PART]]",
            help="A program, or one of its instructions or layouts, such as token.transfer.",
            show_default="all programs",
            autocompletion=complete_called,
        ),
    ] = None,
    program: Programs = None,
    as_json: AsJson = False,
) -> None:
    """List programs, or show all about one, or about a part.

    Those that are built in, those of --program, and installed ones.
    """
    from ..inputs.described import find_described
    from ..inputs.known_programs import known_programs

    found = find_described(name, known_programs(program))
    if as_json:
        from ..output.stdout import write_json
        from ..reports.programs_document import programs_document

        write_json(programs_document(found))
    else:
        from ..render.page import Page
        from ..render.programs_view import render_found

        page = Page()
        render_found(found, page)
        page.write()
