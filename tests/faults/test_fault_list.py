"""The fault list and the tests name the same rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("README.md")
TESTS: Final = Path(__file__).parents[1]


def listed_rows() -> list[int]:
    text = LIST.read_text(encoding="utf-8")
    return [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]


def rows_of_tests() -> dict[int, str]:
    """Each row that a test names, and one of these tests."""
    return {
        int(found[1]): f"{path.relative_to(TESTS)}::{found[0].removeprefix('def ')}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for found in re.finditer(r"def test_row_(\d+)_\w+", path.read_text(encoding="utf-8"))
    }


def test_rows_are_numbered_without_a_gap() -> None:
    rows = listed_rows()
    assert len(rows) >= 60
    assert rows == list(range(1, len(rows) + 1))


def test_each_row_is_named_by_a_test() -> None:
    assert sorted(set(listed_rows()) - set(rows_of_tests())) == []


def test_no_test_names_a_row_that_is_not_listed() -> None:
    assert {row: test for row, test in rows_of_tests().items() if row not in listed_rows()} == {}
