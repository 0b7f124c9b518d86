"""Progress on stderr: when it is shown, what it says, and that nothing of it is left."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest

from sealane.cli.output import progress
from sealane.cli.output.progress import progress_bar, stages_bar
from sealane.runtime import Done, LaneDone

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True

    def frames(self) -> list[str]:
        """What was shown, frame after frame."""
        return [frame.strip() for frame in ESCAPE.sub("", self.getvalue()).split("\r") if frame]


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Terminal]:
    """Make stderr a terminal of so many columns."""
    for name, value in {"TERM": "xterm-256color", "LINES": "20"}.items():
        monkeypatch.setenv(name, value)

    def make(columns: int) -> Terminal:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stderr", found := Terminal())
        return found

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(progress, "monotonic", found)
    return found


def test_short_work_shows_nothing(terminal: Callable[[int], Terminal], clock: Clock) -> None:
    shown = terminal(80)
    with progress_bar("running", 10, quiet=False) as told:
        for done in range(11):
            clock.now_s += 0.09
            told(done)
    assert shown.getvalue() == ""


def test_work_of_more_than_a_second_shows_time_passed_and_left(
    terminal: Callable[[int], Terminal], clock: Clock
) -> None:
    shown = terminal(80)
    with progress_bar("running", 10, quiet=False) as told:
        for done in range(5):
            told(done)
            clock.now_s += 20
    last = [frame for frame in shown.frames() if frame][-1]
    assert re.fullmatch(r"running [━╸╺ ]+ +4/10 1:20 passed, 2:00 left", last)
    assert shown.getvalue().endswith("\x1b[1A\x1b[2K")


def test_a_large_count_is_shown_at_once(terminal: Callable[[int], Terminal], clock: Clock) -> None:
    shown = terminal(80)
    with progress_bar("running", 20_000, quiet=False):
        assert any("0/20000" in frame for frame in shown.frames())


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_each_lane_has_a_row(
    columns: int, terminal: Callable[[int], Terminal], clock: Clock
) -> None:
    shown = terminal(columns)
    with progress_bar("running", 90_000, quiet=False) as told:
        told(Done.of([LaneDone(0, 50_000, busy=True), LaneDone(0, 40_000, busy=True)]))
        clock.now_s += 3
        told(Done.of([LaneDone(25_000, 50_000, busy=True), LaneDone(5_000, 40_000, busy=False)]))
    text = "\n".join(shown.frames())
    left = "0:06 left" if columns < 70 else "0:03 passed, 0:06 left"
    assert re.search(rf"running  [━╸╺ ]+ +30000/90000 {left}", text)
    assert re.search(r"worker 1 [━╸╺ ]+ +25000/50000", text)
    assert re.search(r"worker 2 [━╸╺ ]+ +5000/40000 waits", text)
    assert max(len(line.rstrip()) for line in text.split("\n")) <= columns


def test_stages_tell_what_is_done(terminal: Callable[[int], Terminal], clock: Clock) -> None:
    shown = terminal(80)
    with stages_bar(quiet=False) as told:
        told("serial", 0, 300)
        clock.now_s += 2
        told("2 workers", 100, 300)
    assert any(
        re.search(r"2 workers [━╸╺ ]+ 100/300 0:02 passed, 0:04 left", frame)
        for frame in shown.frames()
    )


@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_is_shown_if_quiet_or_piped(
    quiet: bool, terminal: Callable[[int], Terminal], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    shown: io.StringIO = terminal(80)
    if not quiet:
        monkeypatch.setattr(sys, "stderr", shown := io.StringIO())
    with progress_bar("running", 90_000, quiet=quiet) as told, stages_bar(quiet=quiet) as staged:
        clock.now_s += 50
        told(45_000)
        staged("serial", 1, 2)
    assert shown.getvalue() == ""


def test_a_handler_finds_the_streams_as_they_were(
    terminal: Callable[[int], Terminal], clock: Clock
) -> None:
    """A bar that comes late, while handlers run, must not look as if one had changed them."""
    terminal(80)
    before = sys.stdout, sys.stderr
    with progress_bar("running", 10, quiet=False) as told:
        told(1)
        clock.now_s += 2
        told(2)
        assert (sys.stdout, sys.stderr) == before
