"""Programs that are loaded when they are named: the library's, and those of installed packages.

A package brings programs by the entry-point group `sealane.programs`. Guarantees: one is imported
only when it is asked for by name. Installing it was the user's word; nothing that a file says
installs anything.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable
from importlib import metadata
from typing import Final

from ..primitives import UsageError
from .kit.program.program import Program
from .kit.program.program_set import ProgramSet
from .library.on_demand import ON_DEMAND, load_on_demand

ENTRY_POINT_GROUP: Final = "sealane.programs"


def installed_programs(programs: ProgramSet) -> dict[str, str]:
    """The entry points whose names no program has, and what each points to. None is loaded."""
    entries = metadata.entry_points(group=ENTRY_POINT_GROUP)
    taken = {*programs.names(), *ON_DEMAND}
    return {entry.name: entry.value for entry in entries if entry.name not in taken}


def add_named_programs(programs: ProgramSet, names: Iterable[str]) -> None:
    """Load those of these names that the library or a package has and no program has yet.

    Raises UsageError.
    """
    unknown = {name for name in names if programs.named(name) is None}
    for name in sorted(unknown.intersection(ON_DEMAND)):
        programs.add(load_on_demand(name))
    unknown.difference_update(ON_DEMAND)
    if not unknown:
        return
    for entry in metadata.entry_points(group=ENTRY_POINT_GROUP):
        if entry.name in unknown:
            programs.add(_load(entry))


def described_error(error: BaseException) -> str:
    """`Type: text (file.py:12)`, the deepest line that raised."""
    steps = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(steps[-1].filename)}:{steps[-1].lineno})" if steps else ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({os.path.basename(error.filename)}:{error.lineno})"
        return f"SyntaxError: {error.msg}{place}"
    return f"{type(error).__name__}: {error}{place}"


def _load(entry: metadata.EntryPoint) -> Program:
    try:
        program = entry.load()
    except Exception as error:
        raise UsageError(
            f"the installed program {entry.name!r} ({entry.value}) cannot be loaded: "
            f"{described_error(error)}; repair or uninstall its package"
        ) from error
    if not isinstance(program, Program):
        raise UsageError(
            f"the entry point {entry.name!r} of {ENTRY_POINT_GROUP} ({entry.value}) is no Program; "
            "repair or uninstall its package"
        )
    return program
