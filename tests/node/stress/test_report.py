"""What a report remembers of what went wrong: at each bound, and one past it."""

from __future__ import annotations

from sealane.node.stress.report import DISAGREEMENTS_MAX, KINDS_MAX, OTHER, StressReport


def test_as_many_kinds_of_errors_as_allowed_and_one_more() -> None:
    report = StressReport(("a",))
    for number in range(KINDS_MAX):
        report.note_error(f"kind {number}")
    assert OTHER not in report.errors
    report.note_error("one more")
    report.note_error("kind 0")
    assert (report.errors[OTHER], report.errors["kind 0"]) == (1, 2)
    assert report.errors.total() == KINDS_MAX + 2


def test_as_many_disagreements_as_allowed_and_one_more() -> None:
    report = StressReport(("a", "b"))
    heights = range(1, DISAGREEMENTS_MAX + 2)
    for height in heights:
        report.note_disagreement(height, {"a": "00", "b": "ff"})
    assert [each.height for each in report.disagreements] == list(heights[:-1])
    assert not report.ok
