"""The page of benchmarks has a row for each target, and the README explains what was missed."""

from __future__ import annotations

import re
from typing import Final

import pytest

from sealane.bench.catalogue import catalogue
from sealane.bench.scenario import Scenario, Target

from .documented import DOCS

ROOT: Final = DOCS.parent
TABLE: Final = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
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


def test_what_was_missed_is_explained() -> None:
    section = README.partition("## How fast")[2].partition("\n## ")[0]
    missed = re.findall(r"^\| \d+ \| `([\w-]+)`.*\*\*missed\*\*", TABLE, re.MULTILINE)
    assert [name for name in missed if f"`{name}`" not in section] == []
    assert "(missed)" in section or not missed
