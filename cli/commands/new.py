"""`sealane new`: a program to start from, with a test and a fixture."""

from __future__ import annotations

from typing import Annotated, Final

import typer

_NEXT: Final = """\
In {name}/ are a program, its test and a fixture:
  {name}.py  test_{name}.py  {name}.yaml

Next
  cd {name}
  sealane run {name}.yaml --program {name}:{name}
  python -m pytest
  sealane programs {name} --program {name}:{name}

The tests need pytest: pip install pytest

For editors, when what it offers has changed
  sealane schema --program {name}:{name} > {name}.schema.json
"""


def new_command(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="What the program, its module and folder are called."),
    ],
) -> None:
    """Write a program to start from, with test and fixture.

    In a new folder NAME, with a schema for editors. Says what to run next.
    """
    from ...programs.starter import starter_files
    from ..output.new_folder import new_folder
    from ..output.stdout import write_text

    _require_no_module(name)
    files = starter_files(name)
    with new_folder(name) as write:
        for file, text in files.items():
            write(file, text)
        write(f"{name}.schema.json", _schema(name))
    write_text(_NEXT.format(name=name))


def _require_no_module(name: str) -> None:
    """Refuse the name of a file here that Python would import in place of the new folder."""
    import os
    from importlib.machinery import all_suffixes

    from ...primitives import UsageError

    for suffix in all_suffixes() if name.isidentifier() else ():
        if os.path.lexists(name + suffix):
            raise UsageError(
                f"there is a module {name}{suffix} here already, which Python would import instead "
                "of the new program; choose another name, or another folder"
            )


def _schema(name: str) -> str:
    """What `sealane schema --program name:name` prints in the new folder."""
    import sys

    from ...ingest.building.program_schema import program_schema
    from ..inputs.known_programs import known_programs
    from ..output.stdout import json_text

    keeps_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        # Seen from here, the folder is a package that holds the module.
        programs = known_programs([f"{name}.{name}:{name}"])
    finally:
        sys.dont_write_bytecode = keeps_none
    return json_text(program_schema(programs), indented=True)
