"""A run as a chart: what each cell shows, drawn here cell by cell."""

from __future__ import annotations

import pytest

from sealane.cli.render.gantt import LANES_SHOWN_MAX, show_gantt
from sealane.cli.render.page import Page
from sealane.scheduler.simulation import Run, Timeline


def drawn(
    runs: list[Run],
    workers: int,
    capsys: pytest.CaptureFixture[str],
    *,
    marked: tuple[int, ...] = (),
    aborted: tuple[Run, ...] = (),
    width: int = 38,
) -> list[str]:
    """The page's lines. 38 columns leave 20 cells."""
    timeline = Timeline.unstarted(len(runs))
    for run in runs:
        timeline.put(run)
    timeline.aborted.extend(aborted)
    page = Page(width=width, is_terminal=True)
    show_gantt(timeline, workers, page, marked=marked)
    page.write()
    return capsys.readouterr().out.splitlines()


@pytest.fixture(autouse=True)
def without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def test_lanes_over_time(capsys: pytest.CaptureFixture[str]) -> None:
    runs = [Run(0, 0, 0, 4), Run(1, 0, 4, 10), Run(2, 1, 4, 9)]
    assert drawn(runs, 3, capsys, marked=(0, 1)) == [
        "lane                        busy",
        "   0  ▌███████▌███████████  100%",
        "   1  ········▒▓▓▓▓▓▓▓▓▓··   50%",
        "   2  ····················    0%",
        "      0                 10",
        "█ critical path  ▓ others  · idle",
    ]


def test_many_that_share_a_cell_have_no_notches(capsys: pytest.CaptureFixture[str]) -> None:
    """Forty in a row, two to a cell; the marked ones lose to none of equal share."""
    runs = [Run(position, 0, position, position + 1) for position in range(40)]
    lines = drawn(runs, 1, capsys, marked=(0, 1, 3))
    assert lines[1] == f"   0  ██{'▓' * 18}  100%"


def test_a_cell_is_idle_if_most_of_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    runs = [Run(0, 0, 0, 49), Run(1, 1, 0, 51), Run(2, 2, 0, 2000)]
    lines = drawn(runs, 3, capsys)
    assert [line[6:9] for line in lines[1:4]] == ["···", "▓··", "▒▓▓"]


def test_executions_in_vain_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    lines = drawn([Run(0, 0, 5, 10)], 1, capsys, aborted=(Run(0, 0, 0, 5),))
    assert lines[1] == "   0  Xxxxxxxxxx▒▓▓▓▓▓▓▓▓▓  100%"
    assert lines[-1] == "▓ busy  x executed in vain  · idle"


def test_of_very_many_lanes_the_first_are_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    workers = LANES_SHOWN_MAX + 5
    runs = [Run(worker, worker, 0, 1) for worker in range(workers)]
    lines = drawn(runs, workers, capsys)
    assert sum("100%" in line for line in lines) == LANES_SHOWN_MAX
    assert "… and 5 more lanes" in lines


def test_a_run_that_takes_no_time_is_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert "".join(drawn([Run(0, 0, 0, 0)], 2, capsys)) == ""
    assert "".join(drawn([], 2, capsys)) == ""


def test_costs_of_any_size_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    lines = drawn([Run(0, 0, 0, 3 << 60), Run(1, 1, 3 << 60, 6 << 60)], 2, capsys)
    assert lines[1] == "   0  ▒▓▓▓▓▓▓▓▓▓··········   50%"
    assert lines[2] == "   1  ··········▒▓▓▓▓▓▓▓▓▓   50%"
