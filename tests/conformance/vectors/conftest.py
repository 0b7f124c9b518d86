"""Gives each row to a test of its own, and counts at the end how many were played in which way.

python3 dev test tests/conformance/vectors [--vectors DIR]
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark.structures import ParameterSet

from ...real_data import SHARED
from .rows import CONTRADICTIONS, Row, adapted_subjects, read_rows

ROWS: Final = SHARED / "programs"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--vectors",
        metavar="DIR",
        help="play all rows of the files in this folder, instead of those that are known",
    )


def pytest_configure(config: pytest.Config) -> None:
    given = config.getoption("--vectors", default=None)
    if given is not None and not read_rows(Path(str(given))):
        raise pytest.UsageError(f"--vectors {given}: no rows are there, in files named *.jsonl")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" not in metafunc.fixturenames:
        return
    given = metafunc.config.getoption("--vectors", default=None)
    rows = read_rows(ROWS if given is None else Path(str(given)))
    if given is None:
        rows = [row for row in rows if row.subject in adapted_subjects()]
    known = CONTRADICTIONS if given is None else {}
    metafunc.parametrize("row", [_case(row, known.get(row.id)) for row in rows])


def _case(row: Row, contradiction: str | None) -> ParameterSet:
    marks = () if contradiction is None else pytest.mark.xfail(reason=contradiction, strict=True)
    return pytest.param(row, id=row.id, marks=marks)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    played: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            properties = dict[str, object](getattr(report, "user_properties", ()))
            if "subject" in properties:
                how = str(properties.get("way", "")) if outcome == "passed" else "failed"
                played.setdefault(str(properties["subject"]), Counter())[how] += 1
    if played:
        terminalreporter.section("rows by subject")
        for subject, counts in sorted(played.items()):
            told = ", ".join(f"{count} {how}" for how, count in sorted(counts.items()))
            terminalreporter.write_line(f"{subject}: {told}")
