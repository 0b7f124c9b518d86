"""Static checks of a batch handler's code for operations that a column cannot intercept.

`n is None` and `type(n)` call no method: on a column they silently give one answer for all rows. So
does `~flag` if the scalar handler runs the same line: for a plain bool it is an integer, and always
true. And a handler that catches errors would continue after a refusal. Covers the handler and the
functions that it can reach by name: see reachable_code.py.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Final

from .reachable_code import reachable_code

_IDENTITY_BUILTINS: Final = ("id", "type")
# Only columns have these. `value` is not listed: fields may have that name; OptionColumn checks it.
_OF_COLUMNS: Final = ("as_layout", "is_none", "is_some", "loaded", "members", "rows", "values")
_LOOKUPS: Final = ("LOAD_ATTR", "LOAD_METHOD")


def misread_when_vectorized(batch: Callable[..., None], scalar: Callable[..., None]) -> str | None:
    """`file:line: what` for the first operation that a batch handler would misread, or None."""
    shared = set(reachable_code(scalar))
    for code in reachable_code(batch):
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
