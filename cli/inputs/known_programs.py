"""Which programs a command knows: the built-in ones, `--program`, installed entry points.

Guarantees: nothing is imported because a file names it. `--program` is the user's word, and an
entry point is something the user installed; it is loaded only for a name that no other program has.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Final

from ...ingest.files.values import suggestion
from ...ingest.fixture.model import FixtureFile, LayoutData
from ...primitives import UsageError
from ...programs import builtin_programs
from ...programs.kit import Program
from ...programs.kit.program.program_set import ProgramSet
from ..output.stdout import kept_for_results

if TYPE_CHECKING:
    from types import ModuleType

ENTRY_POINT_GROUP: Final = "sealane.programs"


def known_programs(options: Sequence[str] | None) -> ProgramSet:
    """The built-in programs and those of `--program`. Raises UsageError."""
    return ProgramSet([*builtin_programs(), *map(import_program, options or ())])


def import_program(option: str) -> Program:
    """The program at `module:attribute`. Raises UsageError that says what went wrong where."""
    module_name, colon, attribute = option.partition(":")
    if not (module_name and colon and attribute):
        raise UsageError(
            f"--program {option!r}: write module:attribute, such as counter:counter for the "
            "Program `counter` in counter.py"
        )
    module = _import_module(module_name, f"--program {option}")
    value = getattr(module, attribute, None)
    if not isinstance(value, Program):
        names = [name for name, found in vars(module).items() if isinstance(found, Program)]
        what = "is no Program" if hasattr(module, attribute) else "is not there"
        hint = suggestion(attribute, names) if names else "; the module has no Program at all"
        raise UsageError(f"--program {option}: {attribute!r} {what}{hint}")
    return value


def add_installed(programs: ProgramSet, fixture: FixtureFile) -> None:
    """Load the entry points whose names the fixture uses and no program has yet."""
    _load_named(programs, _program_names(fixture))


def program_named(name: str, programs: ProgramSet) -> Program:
    """The program of this name, loaded if it is installed and no other has the name.

    Raises UsageError with the nearest name.
    """
    _load_named(programs, [name])
    program = programs.named(name)
    if program is None:
        known = [*programs.names(), *installed_programs(programs)]
        raise UsageError(
            f"no program is called {name!r} (your own needs --program module:attribute)"
            f"{suggestion(name, known)}"
        )
    return program


def installed_programs(programs: ProgramSet) -> dict[str, str]:
    """The entry points whose names no program has, and what each points to. None is loaded."""
    entries = metadata.entry_points(group=ENTRY_POINT_GROUP)
    return {entry.name: entry.value for entry in entries if programs.named(entry.name) is None}


def _load_named(programs: ProgramSet, names: Iterable[str]) -> None:
    unknown = {name for name in names if programs.named(name) is None}
    if not unknown:
        return
    for entry in metadata.entry_points(group=ENTRY_POINT_GROUP):
        if entry.name in unknown:
            programs.add(_load(entry))


def _load(entry: metadata.EntryPoint) -> Program:
    try:
        program = entry.load()
    except Exception as error:
        raise UsageError(
            f"the installed program {entry.name!r} ({entry.value}) cannot be loaded: "
            f"{_described(error)}; repair or uninstall its package"
        ) from error
    if not isinstance(program, Program):
        raise UsageError(
            f"the entry point {entry.name!r} of {ENTRY_POINT_GROUP} ({entry.value}) is no Program; "
            "repair or uninstall its package"
        )
    return program


def _import_module(name: str, option: str) -> ModuleType:
    here = _current_folder(option)
    try:
        with _first_to_import_from(here), kept_for_results():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise UsageError(f"{option}: importing it failed: {_described(error)}") from error
        raise UsageError(
            f"{option}: there is no module {error.name!r} in {here} or among the installed ones; "
            "run this in the folder of the module, or correct the name"
        ) from error
    except (Exception, SystemExit) as error:
        raise UsageError(f"{option}: importing it failed: {_described(error)}") from error


def _current_folder(option: str) -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise UsageError(
            f"{option}: the current folder was removed; change to the folder of the module"
        ) from None


@contextmanager
def _first_to_import_from(folder: str) -> Generator[None]:
    """For a program's own modules its folder comes first, for all that comes later last.

    So a file there that is named like a module of ours, or of a library, does not stand in for it.
    """
    known = folder in sys.path
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        if not known:
            sys.path.append(folder)


def _described(error: BaseException) -> str:
    """`Type: text (file.py:12)`, the deepest line that raised."""
    steps = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(steps[-1].filename)}:{steps[-1].lineno})" if steps else ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({os.path.basename(error.filename)}:{error.lineno})"
        return f"SyntaxError: {error.msg}{place}"
    return f"{type(error).__name__}: {error}{place}"


def _program_names(fixture: FixtureFile) -> Iterator[str]:
    """Every name that the fixture uses for a program."""
    for account in fixture.accounts.values():
        yield account.owner
        if isinstance(account.data, LayoutData) and account.data.program:
            yield account.data.program
    for transaction in fixture.transactions:
        for instruction in transaction.instructions or ():
            yield instruction.program
        if transaction.expect is not None and transaction.expect.program:
            yield transaction.expect.program
