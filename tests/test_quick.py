"""`dev test --quick` leaves the slow tests out, and still looks into every room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parent
ROOMS: Final = sorted({path.parent for path in TESTS.rglob("test_*.py")})
SLOW: Final = "pytest.mark.slow"


def marks_in(file: Path) -> Iterator[tuple[str, bool]]:
    """The name of each test function of a file, and whether it is marked slow."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, SLOW in map(ast.unparse, node.decorator_list)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(TESTS)))
def test_no_room_is_left_out(room: Path) -> None:
    marks = [slow for file in room.glob("test_*.py") for _, slow in marks_in(file)]
    assert not all(marks)


def test_the_slow_ones_are_few() -> None:
    marks = [slow for file in TESTS.rglob("test_*.py") for _, slow in marks_in(file)]
    assert 20 < sum(marks) < len(marks) / 10
