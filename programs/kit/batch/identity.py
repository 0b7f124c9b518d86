"""What no column can refuse when it is asked, found in the code of a batch handler beforehand.

`n is None` and `type(n)` ask no object: about a column they say the same for all rows, without a
word. So does `~flag` where the scalar handler runs the very same line: of a plain bool it is an
integer, and true for both. And a handler that catches errors would go on after a refusal.
Covers the handler and the functions that it can reach by name, but for those of the kit, which
know columns, of the standard library and of numpy. Does not: follow methods of objects.
"""

from __future__ import annotations

import builtins
import dis
import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, cast

_KIT: Final = __name__.rpartition(".batch.")[0]
_IDENTITY_BUILTINS: Final = ("id", "type")
# Columns alone have these; as for `value`, which fields may be called, an option sees to it.
_OF_COLUMNS: Final = ("as_layout", "is_none", "is_some", "loaded", "members", "rows", "values")
_LOOKUPS: Final = ("LOAD_ATTR", "LOAD_METHOD")
_FOREIGN: Final = sys.stdlib_module_names | {"numpy"}


def misread_by_column(batch: Callable[..., None], scalar: Callable[..., None]) -> str | None:
    """`file:line: what`, of the first thing that a batch handler would mistake; None if there is
    none."""
    shared = set(_reachable(scalar))
    for code in _reachable(batch):
        for line, what in _mistakes(code, is_shared=code in shared):
            return f"{code.co_filename}:{line}: {what}"
    return None


def _mistakes(code: CodeType, *, is_shared: bool) -> Iterator[tuple[int, str]]:
    line = code.co_firstlineno
    for step in dis.get_instructions(code):
        found = step.positions
        line = line if found is None or found.lineno is None else found.lineno
        name = step.opname
        if name == "IS_OP" or (name.startswith("POP_JUMP") and name.endswith("NONE")):
            yield line, "`is` asks about the column, not its values: use ==, `is_none` or `holds`"
        elif name == "PUSH_EXC_INFO":
            yield line, "it goes on after an error, of which a column has one for all its rows"
        elif name == "LOAD_GLOBAL" and step.argval in _IDENTITY_BUILTINS:
            yield line, f"{step.argval}() asks about the column, not its values"
        elif name == "UNARY_INVERT" and is_shared:
            yield line, "~ is no `not` in a scalar handler: compare with == False in both"
        elif name in _LOOKUPS and is_shared and step.argval in _OF_COLUMNS:
            yield line, f"the values of a scalar handler have no {step.argval!r}"
        elif name == "LOAD_GLOBAL" and is_shared and step.argval in ("getattr", "hasattr"):
            yield line, f"{step.argval}() tells a column from its values"


def _reachable(handler: Callable[..., Any]) -> list[CodeType]:
    """The code of a function and of all that it can call by name, its own first."""
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
    """The code and that of the functions, lambdas and comprehensions within."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _named(function: FunctionType, code: CodeType) -> Iterable[object]:
    """What the names in a function's code stand for, and the attributes of these by such names."""
    scope = {**vars(builtins), **function.__globals__, **_closure(function)}
    direct = [scope[name] for name in (*code.co_names, *code.co_freevars) if name in scope]
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
