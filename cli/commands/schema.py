"""`sealane schema`: the JSON Schema of fixtures, for editors."""

from __future__ import annotations


def schema_command() -> None:
    """Print the JSON Schema of fixtures.

    Editors complete and check from it.
    """
    from ...ingest.fixture.schema import json_schema
    from ..output.stdout import write_json

    write_json(json_schema(), indented=True)
