"""Finds the code that a handler can reach by name: its own, and that of functions it can call.

Covers nested functions, lambdas and comprehensions, and named members of modules and classes; not
functions of the kit, which support columns, of the standard library or of numpy. Does not: follow
methods of objects, or run anything.
"""

from __future__ import annotations

import builtins
import dis
import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, cast

_KIT: Final = __name__.rpartition(".batch.")[0]
_LOADS: Final = ("LOAD_GLOBAL", "LOAD_NAME")
_FOREIGN: Final = sys.stdlib_module_names | {"numpy"}


def reachable_code(handler: Callable[..., Any]) -> list[CodeType]:
    """The code of a function, followed by that of everything it can call by name."""
    found: dict[CodeType, None] = {}
    waiting: list[object] = [handler]
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or not _is_followed(function):
            continue
        for code in _nested(function.__code__):
            if code not in found:
                found[code] = None
                waiting += _named(function, code)
    return list(found)


def _is_followed(function: FunctionType) -> bool:
    module = function.__module__ or ""
    if module == _KIT or module.startswith(f"{_KIT}."):
        return False
    return module.partition(".")[0] not in _FOREIGN


def _nested(code: CodeType) -> Iterator[CodeType]:
    """The code, and that of nested functions, lambdas and comprehensions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _named(function: FunctionType, code: CodeType) -> Iterable[object]:
    """The objects that names in a function's code refer to, and their attributes by such names."""
    scope = {**vars(builtins), **function.__globals__, **_closure(function)}
    # Not all of `co_names`: a field may have the name of a function.
    loaded = {step.argval for step in dis.get_instructions(code) if step.opname in _LOADS}
    direct = [scope[name] for name in (*sorted(loaded), *code.co_freevars) if name in scope]
    for value in direct:
        yield getattr(value, "__func__", value)
        if isinstance(value, (ModuleType, type)):
            members = cast(dict[str, object], vars(value))
            for name in (*code.co_names, "__init__", "__new__"):
                member = members.get(name)
                yield getattr(member, "__func__", member)


def _closure(function: FunctionType) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            values[name] = cell.cell_contents
        except ValueError:
            continue  # not set yet
    return values
