"""Numbers of rows that are written as the test's own expression: `now_ts + 10`, `i64::MAX / 2`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..rows import CannotPlay

_OPERATORS: Final[dict[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a // b,
}
_NAMES: Final = {"i64_MAX": 2**63 - 1, "u64_MAX": 2**64 - 1}


def number(value: Any, **names: int) -> int:
    """The integer that a row means; `names` are those of the test's variables."""
    if isinstance(value, int):
        return value
    text = re.sub(r"\.into\(\)$| as \w+", "", str(value)).replace("64::MAX", "64_MAX")
    text = text.rpartition("::")[2]
    return _value(ast.parse(text, mode="eval").body, _NAMES | names)


def _value(node: ast.expr, names: Mapping[str, int]) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, names), _value(node.right, names)
        return _OPERATORS[type(node.op)](left, right)
    raise CannotPlay(f"{ast.unparse(node)!r} is no number")
