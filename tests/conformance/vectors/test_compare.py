"""The comparison itself: what passes, and that what should not pass does not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from .compare import mismatches
from .rows import CannotPlay, Played, Row, adapter_of


def row(**expect: Any) -> Row:
    return Row("amm", "case", "source", {}, expect)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"a": "18446744073709551616"}, {"a": 1 << 64}),
        ({"a": 5, "note": "text"}, {"a": 5, "b": 6}),
        ({"a": "0.5"}, {"a": Fraction(1, 2)}),
        ({"a": 0.1}, {"a": Fraction(1, 10)}),
        ({"a": {"b": [1, "2"]}}, {"a": {"b": [1, 2]}}),
        ({"error": True}, {"error": "K"}),
        ({"error": "K"}, {"error": "K"}),
        ({"ok": True}, {"ok": True}),
    ],
)
def test_equal(expected: Any, found: Any) -> None:
    assert mismatches(row(**expected), Played(found)) == []


@pytest.mark.parametrize(
    ("expected", "found", "line"),
    [
        ({"a": 5}, {"a": 6}, "a: expected 5, found 6"),
        ({"a": 5}, {}, "a: expected 5, found none"),
        ({"a": 1}, {"a": True}, "a: expected 1, found True"),
        ({"ok": True}, {"ok": False}, "ok: expected True, found False"),
        ({"ok": True}, {"ok": 1}, "ok: expected True, found 1"),
        ({"a": {"b": [1]}}, {"a": {"b": [1, 2]}}, "a.b: expected [1], found [1, 2]"),
        ({"a": 5}, {"error": "K"}, "failed with 'K', which was not expected"),
        ({"error": "K"}, {"error": "L"}, "error: expected 'K', found 'L'"),
        ({"error": True}, {"a": 5}, "error: expected True, found none"),
    ],
)
def test_different(expected: Any, found: Any, line: str) -> None:
    assert mismatches(row(**expected), Played(found)) == [line]


def test_a_tolerance_is_of_one_figure() -> None:
    found = Played({"a": 9, "b": 9}, tolerances={"a": 1})
    assert mismatches(row(a=10, b=10), found) == ["b: expected 10, found 9"]


def test_a_subject_without_an_adapter_cannot_be_played() -> None:
    with pytest.raises(CannotPlay, match="no adapter plays the subject 'weather'"):
        adapter_of("weather")
