"""How a program reaches a worker: by the name it can be imported under, else by value.

By name where importing the module gives this very object. A module that no import would find (a
test file, a script's folder) is named with its file, and the worker loads it from there. Anything
else, such as a program made inside a function, is pickled whole with dill.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
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
        spec = importlib.util.spec_from_file_location(source.module, source.file)
        if spec is None or spec.loader is None:
            raise ImportError(f"cannot load {source.file}")
        module = importlib.util.module_from_spec(spec)
        sys.modules[source.module] = module
        spec.loader.exec_module(module)
    if module is None:
        module = importlib.import_module(source.module)
    return cast(Program, getattr(module, source.attribute))


def _file_to_load(module_name: str) -> str | None:
    """The module's file, if an import by name would not find it."""
    try:
        found = importlib.util.find_spec(module_name)
    except (ImportError, ValueError):
        found = None
    file = getattr(sys.modules[module_name], "__file__", None)
    if found is not None and found.origin == file and _on_path(module_name, file):
        return None
    return file


def _on_path(module_name: str, file: str | None) -> bool:
    """Whether a fresh process would find the module: `find_spec` believes sys.modules."""
    if file is None or "." in module_name:
        parent = module_name.partition(".")[0]
        return file is None or (parent != module_name and _file_to_load(parent) is None)
    finders = [f for f in sys.meta_path if hasattr(f, "find_spec")]
    for finder in finders:
        spec = finder.find_spec(module_name, None)
        if spec is not None:
            return spec.origin == file
    return False


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
