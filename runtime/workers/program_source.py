"""How a program is sent to a worker: by importable name if possible, otherwise by value.

By name if importing its modules (the one that holds it, and those that add instructions to it)
gives this same program. A module that is not on the import path (a test file, a script's folder) is
sent with its file, and the worker loads it from there. Anything else, such as a program or an
instruction made inside a function, is pickled as a whole with dill.
Guarantees: a worker has the same instructions under the same tags, or raises an error.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

from ...primitives import UsageError
from ...programs.kit import Program
from ..svm.failure_mapping import describe_exception


class Home(NamedTuple):
    """A module that makes a program or adds instructions to it. `file`: None if importable."""

    module: str
    file: str | None


class ProgramSource(NamedTuple):
    """Where a worker finds the program `name`: at `attribute` of the first home, or `pickled`."""

    name: str
    tags: dict[str, bytes]  # by instruction, to check that it is the same program
    homes: tuple[Home, ...] = ()
    attribute: str = ""
    pickled: bytes | None = None


def source_of(program: Program) -> ProgramSource:
    """How another process can load this program. Raises UsageError if it cannot."""
    by_name = _source_by_name(program)
    handlers = [spec.handler for spec in program.instructions.values()]
    if by_name is not None and not any("<locals>" in h.__qualname__ for h in handlers):
        return by_name
    try:
        return ProgramSource(program.name, _tags(program), pickled=_pickle(program))
    except UsageError:
        if by_name is None:
            raise
        return by_name  # it was made in a function that its module calls when it is imported


def _source_by_name(program: Program) -> ProgramSource | None:
    # A program is nearly always made in the module in which its handlers are defined.
    homes = {spec.handler.__module__ for spec in program.instructions.values()} - {"__main__"}
    names = sorted(homes & sys.modules.keys())
    for name in names:
        for attribute, value in vars(sys.modules[name]).items():
            if value is program:
                order = [name, *(other for other in names if other != name)]
                found = tuple(Home(home, _file_to_load(home)) for home in order)
                return ProgramSource(program.name, _tags(program), found, attribute)
    return None


def _tags(program: Program) -> dict[str, bytes]:
    return {name: spec.tag for name, spec in program.instructions.items()}


def load_program(source: ProgramSource) -> Program:
    """Load the program that a source describes. Raises UsageError if this process cannot."""
    try:
        program = _load(source)
    except MemoryError:
        raise
    except BaseException as error:  # a module may even call sys.exit() when imported
        raise _not_here(source, describe_exception(error)) from error
    if _tags(program) != source.tags:
        unlike = sorted(dict(_tags(program).items() ^ source.tags.items()))
        raise _not_here(source, f"its {unlike[0]!r} is not the same there")
    return program


def _not_here(source: ProgramSource, why: str) -> UsageError:
    return UsageError(
        f"program {source.name!r} cannot be loaded in a worker ({why}); define it and its "
        "instructions at the top level of modules that other processes can import, or use workers=0"
    )


def _load(source: ProgramSource) -> Program:
    if source.pickled is not None:
        import dill  # pyright: ignore[reportMissingTypeStubs]

        return cast(Program, cast(Any, dill).loads(source.pickled))
    modules = [_import_home(home) for home in source.homes]
    return cast(Program, getattr(modules[0], source.attribute))


def _import_home(home: Home) -> ModuleType:
    module = sys.modules.get(home.module)
    if module is not None:
        return module
    if home.file is not None:
        return _import_from(home.module, Path(home.file))
    return importlib.import_module(home.module)


def _import_from(name: str, file: Path) -> ModuleType:
    """Import a module from the file from which the parent loaded it."""
    inside = Path(*name.split(".")).with_suffix(".py")
    if file.parts[-len(inside.parts) :] == inside.parts:
        # As in the parent, so that its relative imports work.
        sys.path.append(str(file.parents[len(inside.parts) - 1]))
        with suppress(ImportError):
            module = importlib.import_module(name)
            if module.__file__ == str(file):
                return module
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _file_to_load(module_name: str) -> str | None:
    """The module's file, if a new process could not import the module by name; else None."""
    file = getattr(sys.modules[module_name], "__file__", None)
    return None if file is None or _origin(module_name) == file else file


def _origin(module_name: str) -> str | None:
    """The file that a new process would import. Not by `importlib.util.find_spec`, which trusts
    sys.modules: a test runner may put modules there that are on no path."""
    path: Sequence[str] | None = None
    origin: str | None = None
    name = ""
    for part in module_name.split("."):
        name = f"{name}.{part}" if name else part
        specs = (f.find_spec(name, path) for f in sys.meta_path if hasattr(f, "find_spec"))
        spec = next((found for found in specs if found is not None), None)
        if spec is None:
            return None
        origin, path = spec.origin, spec.submodule_search_locations
    return origin


def _pickle(program: Program) -> bytes:
    import dill  # pyright: ignore[reportMissingTypeStubs]

    from .enum_pickling import register_enum_pickling

    register_enum_pickling()
    try:
        return cast(bytes, cast(Any, dill).dumps(program, recurse=True))
    except Exception as error:
        raise UsageError(
            f"program {program.name!r} cannot be sent to a worker ({error}); define it at the top "
            "level of a module, or use workers=0"
        ) from error
