"""How a program reaches a worker: by the name it can be imported under, else by value.

By name where importing the module gives this very object. A module that no import would find (a
test file, a script's folder) is named with its file, and the worker loads it from there. Anything
else, such as a program made inside a function, is pickled whole with dill.
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

from ..primitives import UsageError
from ..programs.kit import Program


class ProgramSource(NamedTuple):
    """Where a worker finds a program: `module:attribute`, perhaps with a file; or `pickled`."""

    module: str
    attribute: str
    file: str | None = None
    pickled: bytes | None = None


def source_of(program: Program) -> ProgramSource:
    """How another process can get this program."""
    # Where its handlers were written is where it was made, or nearly always.
    homes = {spec.handler.__module__ for spec in program.instructions.values()} - {"__main__"}
    for name in sorted(homes & sys.modules.keys()):
        for attribute, value in vars(sys.modules[name]).items():
            if value is program:
                return ProgramSource(name, attribute, _file_to_load(name))
    return ProgramSource("", program.name, None, _pickle(program))


def load_program(source: ProgramSource) -> Program:
    """The program that a source names. Raises whatever importing its module raises."""
    if source.pickled is not None:
        import dill  # pyright: ignore[reportMissingTypeStubs]

        return cast(Program, cast(Any, dill).loads(source.pickled))
    module = sys.modules.get(source.module)
    if module is None and source.file is not None:
        module = _import_from(source.module, Path(source.file))
    if module is None:
        module = importlib.import_module(source.module)
    return cast(Program, getattr(module, source.attribute))


def _import_from(name: str, file: Path) -> ModuleType:
    """Import a module that is found only where the parent found it."""
    inside = Path(*name.split(".")).with_suffix(".py")
    if file.parts[-len(inside.parts) :] == inside.parts:
        # As the parent had it: then it finds its neighbours, by relative imports, too.
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
    """The module's file, if an import by name would not find it in a fresh process."""
    file = getattr(sys.modules[module_name], "__file__", None)
    return None if file is None or _origin(module_name) == file else file


def _origin(module_name: str) -> str | None:
    """The file that a fresh process would import. `importlib.util.find_spec` believes sys.modules,
    where a test runner may have put what is on no path."""
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
