"""The page of benchmarks has a row for each target, explains each miss; the README quotes it."""

from __future__ import annotations

import re
from typing import Final

import pytest

from sealane.bench.catalogue import catalogue
from sealane.bench.measure.scenario import Scenario, Target

from .documented import DOCS

ROOT: Final = DOCS.parent
TABLE: Final = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURE: Final = re.compile(r"[\d.]+ (?:[Mk] tx/s|ms|MB|×(?! 1 worker)|% of a core)")
TARGETS: Final = [(scenario, target) for scenario in catalogue() for target in scenario.targets]


def rows_of(scenario: Scenario, target: Target) -> list[list[str]]:
    rows = [line.split(" | ") for line in TABLE.splitlines() if f"| `{scenario.name}`: " in line]
    against = target.against or ""
    return [
        row
        for row in rows
        if row[0] == f"| {target.item}"
        and row[2].startswith(f"{target.side} ")
        and row[2].endswith(against)
        and ("×" in row[2]) == bool(against)
    ]


@pytest.mark.parametrize(
    ("scenario", "target"), TARGETS, ids=[f"{s.name}-{t.side}-{t.against}" for s, t in TARGETS]
)
def test_each_target_has_a_row(scenario: Scenario, target: Target) -> None:
    (row,) = rows_of(scenario, target)
    assert row[4] in ("met", "**missed**")


def section(title: str) -> str:
    return TABLE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")][1:]


def test_what_was_missed_is_explained() -> None:
    missed = re.findall(r"^\| \d+ \| `([\w-]+)`.*\*\*missed\*\*", TABLE, re.MULTILINE)
    reasons = section("What was missed, and why")
    assert [name for name in missed if f"`{name}`" not in reasons] == []
    assert section("In short").count("(missed)") == len(missed)


def test_the_short_table_says_nothing_that_the_whole_one_does_not() -> None:
    """But the gain over one worker, which `sealane bench --json` alone has."""
    measured = set(FIGURE.findall(section("The whole table")))
    short = rows(section("In short"))
    assert len(short) > 25
    for row in short:
        shown = FIGURE.findall(" | ".join(row.split(" | ")[1:3]))
        assert set(shown) <= measured, row


def test_the_readme_repeats_rows_of_the_short_table() -> None:
    repeated = rows(README.partition("## How fast")[2].partition("\n## ")[0])
    assert len(repeated) >= 3
    assert set(repeated) <= set(rows(section("In short")))
