"""The card that ends a run: every figure, how it is known, and a frame that fits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sealane import Result, Route, Runtime, Transaction
from sealane.cli.render.card import show_card
from sealane.cli.render.page import Page
from sealane.programs.library import system

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def paid(workers: int, route: Route | None = None) -> Result:
    """alice pays bob, bob pays carol, dan cannot pay: a chain of two, and one apart."""
    pairs = [("alice", "bob"), ("bob", "carol"), ("dan", "eve")]
    calls = [system.transfer(source=a, destination=b, lamports=3) for a, b in pairs]
    with Runtime(workers=workers, route=route) as runtime:
        runtime.set_account("alice", lamports=100)
        return runtime.execute([Transaction([call]) for call in calls])


def shown(
    result: Result,
    capsys: pytest.CaptureFixture[str],
    *,
    columns: int = 100,
    terminal: bool = True,
    alarming: bool = True,
) -> str:
    page = Page(width=columns, is_terminal=terminal)
    show_card("folder/pay.yaml", result, 0.25, page, alarming=alarming)
    page.write()
    return capsys.readouterr().out


def test_a_card_has_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    result = paid(0)
    lines = [line.split("  ")[0] for line in shown(result, capsys, terminal=False).splitlines()]
    assert lines == [
        "", "transactions", "failed", "conflicts", "waves", "critical path", "ceiling", "speed-up",
        "throughput", "route", lines[-2], f"state root {result.state_root}",
    ]  # fmt: skip
    out = shown(result, capsys, terminal=False)
    for figure in ("transactions +3", "failed +1", "conflicts +1 ", "waves +2 ", "ceiling +1.50 ×"):
        assert re.search(f"^{figure}", out, re.MULTILINE), figure
    assert "2 transactions  the costliest chain, cost 2 of 3\n" in out
    assert re.search(r"^throughput +[\d,]+ tx/s", out, re.MULTILINE)
    assert lines[-2].startswith("load 250.0 ms · schedule ")


@pytest.mark.parametrize(
    ("workers", "route", "said"),
    [
        (0, None, "not measured  this process executed the whole block"),
        (1, Route.IN_PROCESS, "not measured  this process executed the whole block"),
        (1, Route.ONE_WORKER, "not measured  one worker executed the whole block"),
        (1, Route.LANES, r"\d\.\d\d ×  processor time of all lanes / time of execution"),
    ],
)
def test_a_speed_up_is_told_where_it_was_measured(
    workers: int, route: Route | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = paid(workers, route)
    assert (result.speed_up is None) == said.startswith("not measured")
    assert re.search(f"^speed-up +{said}$", shown(result, capsys, terminal=False), re.MULTILINE)


def test_the_speed_up_is_work_over_time() -> None:
    result = paid(0)
    timing = replace(result.timing, execute_s=2.0, busy_s=3.0)
    assert replace(result, timing=timing).speed_up == 1.5


def test_only_a_failure_that_nobody_expected_is_red(capsys: pytest.CaptureFixture[str]) -> None:
    result = paid(0)
    assert "\x1b[1;31m1" in shown(result, capsys)
    assert "31m" not in shown(result, capsys, alarming=False)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_frame_fits_the_terminal(columns: int, capsys: pytest.CaptureFixture[str]) -> None:
    result = paid(0)
    lines = ESCAPE.sub("", shown(result, capsys, columns=columns)).splitlines()[1:]
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= columns
    assert lines[0].startswith("╭─ pay.yaml ─")
    assert result.state_root in re.sub(r"[\s│]", "", "".join(lines))
    assert any("not measured" in line for line in lines)
    assert any("no workers beat it" in line for line in lines) == (columns >= 70)
