"""The programs that a command knows: the built-in ones and those of `--program`.

Guarantees: nothing is imported because a file names it; only `--program` names modules to import.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ...ingest.files.values import suggestion
from ...primitives import UsageError
from ...programs import builtin_programs
from ...programs.installed import (
    add_named_programs,
    described_error,
    installed_programs,
)
from ...programs.kit import Program
from ...programs.kit.program.program_set import ProgramSet
from ...programs.library.on_demand import ON_DEMAND
from ..output.stdout import kept_for_results

if TYPE_CHECKING:
    from types import ModuleType

_ABSENT: Final = object()


def known_programs(options: Sequence[str] | None) -> ProgramSet:
    """The built-in programs and those of `--program`. Raises UsageError."""
    return ProgramSet([*builtin_programs(), *map(import_program, options or ())])


def import_program(option: str) -> Program:
    """Import the program at `module:attribute`. Raises UsageError with what failed and where."""
    module_name, colon, attribute = option.partition(":")
    if not (module_name and colon and attribute):
        raise UsageError(
            f"--program {option!r}: write module:attribute, such as counter:counter for the "
            "Program `counter` in counter.py"
        )
    if module_name.startswith(".") or os.sep in module_name:
        raise UsageError(
            f"--program {option}: {module_name!r} is a path, not the name of a module; change to "
            "its folder, and write module:attribute"
        )
    module = _import_module(module_name, f"--program {option}")
    try:
        value = getattr(module, attribute, _ABSENT)
    except (Exception, SystemExit) as error:  # from a __getattr__ of the module
        raise UsageError(
            f"--program {option}: the module failed to give {attribute!r}: {described_error(error)}"
        ) from error
    if not isinstance(value, Program):
        names = [name for name, found in vars(module).items() if isinstance(found, Program)]
        what = "is not there" if value is _ABSENT else "is no Program"
        hint = suggestion(attribute, names) if names else "; the module has no Program at all"
        raise UsageError(f"--program {option}: {attribute!r} {what}{hint}")
    return value


def program_named(name: str, programs: ProgramSet) -> Program:
    """The program of this name, loading an installed one if no other has the name.

    Raises UsageError, suggesting the nearest name.
    """
    add_named_programs(programs, [name])
    program = programs.named(name)
    if program is None:
        known = [*programs.names(), *ON_DEMAND, *installed_programs(programs)]
        raise UsageError(
            f"no program is called {name!r} (your own needs --program module:attribute)"
            f"{suggestion(name, known)}"
        )
    return program


def _import_module(name: str, option: str) -> ModuleType:
    here = _current_folder(option)
    try:
        with _first_to_import_from(here), kept_for_results():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise UsageError(f"{option}: importing it failed: {described_error(error)}") from error
        raise UsageError(
            f"{option}: there is no module {error.name!r} in {here} or among the installed ones; "
            "run this in the folder of the module, or correct the name"
        ) from error
    except (Exception, SystemExit) as error:
        raise UsageError(f"{option}: importing it failed: {described_error(error)}") from error


def _current_folder(option: str) -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise UsageError(
            f"{option}: the current folder was removed; change to the folder of the module"
        ) from None


@contextmanager
def _first_to_import_from(folder: str) -> Generator[None]:
    """Import from the program's folder first while it loads, and last afterwards.

    So a file there does not shadow a module of this package, or of a library, with the same name.
    """
    known = folder in sys.path
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        if not known:
            sys.path.append(folder)
