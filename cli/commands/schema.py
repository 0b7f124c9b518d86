"""`sealane schema`: the JSON Schema of fixtures, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.options import Programs


def schema_command(
    program: Programs = None,
    library: Annotated[
        bool, typer.Option("--library", help="All programs of the library, such as amm, too.")
    ] = False,
) -> None:
    """Print the JSON Schema of fixtures.

    Editors complete and check from it: the instructions, layouts and errors of system, token and
    the others that every runtime knows are in it, and those of --program.
    """
    from ...ingest.building.program_schema import program_schema
    from ...programs.installed import add_named_programs
    from ...programs.library.on_demand import ON_DEMAND
    from ..inputs.known_programs import known_programs
    from ..output.stdout import write_json

    known = known_programs(program)
    if library:
        add_named_programs(known, ON_DEMAND)
    write_json(program_schema(known), indented=True)
