"""`sealane schema`: the JSON Schema of fixtures, for editors."""

from __future__ import annotations

from ..inputs.options import Programs


def schema_command(program: Programs = None) -> None:
    """Print the JSON Schema of fixtures.

    Editors complete and check from it: the library's instructions, layouts and errors, and those of
    --program, are in it.
    """
    from ...ingest.building.program_schema import program_schema
    from ...programs.installed import add_named_programs
    from ...programs.library.on_demand import ON_DEMAND
    from ..inputs.known_programs import known_programs
    from ..output.stdout import write_json

    known = known_programs(program)
    add_named_programs(known, ON_DEMAND)
    write_json(program_schema(known), indented=True)
