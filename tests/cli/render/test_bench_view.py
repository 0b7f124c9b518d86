"""`sealane bench` for people: whole figures, whatever the width, and nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from sealane.bench.measure.contestants import SEALANE
from sealane.bench.measure.machine import Machine
from sealane.bench.measure.outcome import BenchRun, Figure, outcome_of
from sealane.bench.measure.scenario import Contestant, Scenario, Side, Target, Unit
from sealane.cli.render.bench_view import render_run
from sealane.cli.render.figures import amount, spread, wanted
from sealane.cli.render.page import NO_BREAK, Page

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
MACHINE = Machine("a processor", 2, 0.0, "Linux", "CPython 3.11", {"sealane": "0.1.0"}, None)
OTHER = Contestant("other", "less", "more")
SAMPLES = {"a side with a name": [181_000.0, 182_000.0, 1_190_000.0], "b": [9.0, 9.0, 9.0]}


def run_of(includes: Sequence[str], samples: dict[str, list[float]] = SAMPLES) -> BenchRun:
    """One scenario of two sides, which include this."""
    sides = [
        Side(name, by, Unit.RATE, each, lambda: 0.0)
        for name, by, each in zip(samples, (SEALANE, OTHER), includes, strict=False)
    ]
    first, *_ = samples
    targets = (Target(3, first, "b", at_least=2.5), Target(4, first, "c", at_least=1))

    def prepare(scale: object) -> None:
        raise AssertionError(f"prepared {scale}: figures are given")

    scenario = Scenario("made-up", "made up", prepare, targets)  # pyright: ignore[reportArgumentType]
    outcome = outcome_of(scenario, sides, samples, judged=True)
    return BenchRun(MACHINE, False, (), (SEALANE, OTHER), (outcome,))


def shown(run: BenchRun, capsys: pytest.CaptureFixture[str], *, columns: int) -> list[str]:
    page = Page(width=columns, is_terminal=True)
    render_run(run, page, quiet=False)
    page.write()
    return [line.rstrip() for line in ESCAPE.sub("", capsys.readouterr().out).split("\n")]


@pytest.mark.parametrize("columns", [70, 80, 140])
def test_a_row_is_one_line_with_unbroken_figures(
    columns: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(run_of(["the same work"] * 2), capsys, columns=columns)
    assert "a side with a name  182 k tx/s  181 k tx/s … 1.19 M tx/s" in lines
    (row,) = (line for line in lines if line.startswith("b  "))
    assert re.fullmatch(r"b +9\.00 tx/s  9\.00 … 9\.00 tx/s +20,222 ×", row)
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("columns", [40, 50, 60, 80])
def test_a_line_ends_between_figures(columns: int, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(run_of(["the same work"] * 2), capsys, columns=columns)
    table = lines[lines.index("") : lines.index("What the figures stand for")]
    assert not [line for line in table if re.search(r"[0-9] [kM]?$|[0-9.]$|≥$", line)]


def test_what_all_sides_include_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(run_of(["the same work"] * 2), capsys, columns=80)
    assert "included  the same work" in lines
    assert sum("the same work" in line for line in lines) == 1


def test_what_sides_include_is_shown_for_each_if_it_differs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(run_of(["this", "that"]), capsys, columns=80)
    start = lines.index("included")
    assert lines[start + 1 : start + 3] == ["  a side with a name: this", "  b: that"]


def test_a_target_is_a_row_too(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(shown(run_of(["x", "y"]), capsys, columns=100))
    assert "met         target 3  a side with a name ≥ 2.50 × b, is 20,222 ×\n" in text
    assert "not judged  target 4  a side with a name ≥ 1.00 × c: c was not measured\n" in text


def test_one_round_has_no_spread_and_one_side_no_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(run_of(["x", "y"], {"a": [1.0], "b": [2.0]}), capsys, columns=80)
    assert "side     median  first is" in lines
    lines = shown(run_of(["x"], {"a": [1.0, 2.0]}), capsys, columns=80)
    assert "side     median  least … greatest" in lines


def test_small_sizes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = (
        line
        for line in shown(replace(run_of(["x", "y"]), quick=True), capsys, columns=140)
        if "--quick" in line
    )
    assert "400 transactions instead of 100,000, and 2 times as many instead of 10" in line


@pytest.mark.parametrize(
    ("least", "greatest", "unit", "text"),
    [
        (1.2e6, 2.5e6, Unit.RATE, "1.20 … 2.50 M tx/s"),
        (9e5, 2.5e6, Unit.RATE, "900 k tx/s … 2.50 M tx/s"),
        (0.5, 1.5, Unit.SECONDS, "500 ms … 1.50 s"),
        (0.5, 0.6, Unit.SECONDS, "500 … 600 ms"),
        (300, 343, Unit.MEGABYTES, "300 … 343 MB"),
        (0, 1, Unit.CORE_SHARE, "0.00 … 1.00 % of a core"),
        (1.5, 2.5, None, "1.50 … 2.50 ×"),
    ],
)
def test_a_spread_names_its_unit_once(
    least: float, greatest: float, unit: Unit | None, text: str
) -> None:
    found = spread(Figure(least, least, greatest), unit)
    assert found.replace(NO_BREAK, " ") == text
    assert found.count(" ") == 1, "behind the dots, and nowhere else"


def test_figures_and_bounds_cannot_be_broken() -> None:
    assert amount(0.182, Unit.SECONDS) == f"182{NO_BREAK}ms"
    assert amount(1, Unit.CORE_SHARE).count(NO_BREAK) == 4
    assert " " not in wanted(Target(1, "a", at_most=400), Unit.MEGABYTES)
    assert wanted(Target(1, "a", "b", at_least=2), "").split(" ")[-1] == "b"
    within = wanted(Target(1, "a", "b", at_least=0.85, at_most=1.15), "")
    assert within.replace(NO_BREAK, " ") == "0.85 … 1.15 × b"
