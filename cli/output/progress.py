"""Progress of long work on stderr: on a terminal only, removed when the work is done.

running  ━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━━  51234/100000  0:03 passed, 0:03 left
worker 1 ━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━  26012/50000
worker 2 ━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━━  25222/50000   waits
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from .signals import raise_if_stopped

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# From here on, a bar is there from the start. Less work may take long as well, and gets one when it
# does; otherwise it ends before a bar could be read, and importing Rich would take longer.
_LONG_WORK_MIN: Final = 20_000
_LONG_WORK_S: Final = 1.0
_UPDATED_EACH_S: Final = 0.1  # for each of a million transactions would take seconds
_LANES_SHOWN_MAX: Final = 16
_BAR_WIDTH_MAX: Final = 40
_BAR_WIDTH_MIN: Final = 5
_WHAT_WIDTH_MIN: Final = 9  # "worker 16"
_WHAT_WIDTH_MAX: Final = 25
_TIMES_WIDTH: Final = 22  # "0:12 passed, 0:34 left"
_LEFT_WIDTH: Final = 9  # "0:34 left": narrower terminals have room for no more
_NARROW: Final = 70
_CLEAR_LINE: Final = "\r\x1b[2K"


@contextmanager
def progress_bar(
    what: str, total: int, *, quiet: bool, long_from: int = _LONG_WORK_MIN
) -> Generator[Callable[[int], None]]:
    """A function to call with how many of `total` are done. It also raises pending signals.

    Shows time passed and time left; of a count that has `lanes`, as a runtime's has, each lane too.
    `long_from`: the total from which there is a bar at once, not only after a second.
    """
    with _bar(quiet=quiet or not total) as bar:
        if bar is None:
            yield raise_if_stopped
            return
        if total >= long_from:
            bar.show(what, 0, total)
        yield lambda done: bar.told(what, done, total)


@contextmanager
def stages_bar(*, quiet: bool) -> Generator[Callable[[str, int, int], None]]:
    """A function to call with what is being done, how much of the whole is done, and the whole."""
    with _bar(quiet=quiet) as bar:
        yield _not_shown if bar is None else bar.told


def _not_shown(_what: str, _done: int, _total: int) -> None:
    raise_if_stopped()


@contextmanager
def _bar(*, quiet: bool) -> Generator[_Bar | None]:
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


class _Lane(NamedTuple):
    """As `LaneDone` of a runtime."""

    done: int
    total: int
    busy: bool


class _Bar:
    """Shown from when the work has taken a second, unless `show` is called before."""

    def __init__(self) -> None:
        self._next_s = monotonic() + _LONG_WORK_S
        self._first: tuple[float, int] | None = None  # when something was told, and what
        self._progress: Progress | None = None
        self._tasks: list[TaskID] = []

    def told(self, what: str, done: int, total: int) -> None:
        """So much is done. Raises a pending signal."""
        raise_if_stopped()
        if self._first is None:
            self._first = monotonic(), done
        if monotonic() >= self._next_s or (self._progress is not None and done == total):
            # Handlers may be running: whoever looks at sys.stdout must find the same.
            self.show(what, done, total, redirecting=False)

    def show(self, what: str, done: int, total: int, *, redirecting: bool = True) -> None:
        """Show it now. `redirecting`: keep what is printed meanwhile above the bar."""
        if self._progress is None:
            self._progress = _started(total, redirecting=redirecting)
        now = monotonic()
        self._next_s = now + _UPDATED_EACH_S
        begun_s, before = self._first or (now, done)
        times = _Times(now - begun_s, done - before, total - done)
        narrow = self._progress.console.width < _NARROW
        self._put(0, what, done, total, times.in_short() if narrow else str(times))
        lanes: Sequence[_Lane] = getattr(done, "lanes", ())
        for number, lane in enumerate(lanes[:_LANES_SHOWN_MAX] if len(lanes) > 1 else (), 1):
            waits = "waits" if not lane.busy and lane.done < lane.total else ""
            self._put(number, f"worker {number}", lane.done, lane.total, waits)
        self._progress.refresh()

    def close(self) -> None:
        """Remove it."""
        if self._progress is not None:
            self._progress.stop()

    def _put(self, place: int, what: str, done: int, total: int, remark: str) -> None:
        assert self._progress is not None  # called by `show` alone
        if place == len(self._tasks):
            self._tasks.append(self._progress.add_task(what, total=total, remark=""))
        self._progress.update(
            self._tasks[place], description=what, completed=done, total=total, remark=remark
        )


def _started(total: int, *, redirecting: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(file=sys.stderr)
    times_width = _LEFT_WIDTH if console.width < _NARROW else _TIMES_WIDTH
    others = len(f"{total}/{total}") + times_width + 3  # and the spaces between columns
    what_width = max(_WHAT_WIDTH_MIN, min(_WHAT_WIDTH_MAX, console.width // 2 - others // 2))
    room = console.width - what_width - others
    progress = Progress(
        TextColumn(
            "{task.description}",
            table_column=Column(no_wrap=True, overflow="ellipsis", max_width=what_width),
        ),
        BarColumn(max(_BAR_WIDTH_MIN, min(_BAR_WIDTH_MAX, room))),
        MofNCompleteColumn(),
        TextColumn("{task.fields[remark]}", style="dim"),
        console=console,
        transient=True,
        auto_refresh=False,  # a thread of its own would make handlers be checked after each
        redirect_stdout=redirecting,
        redirect_stderr=redirecting,
    )
    progress.start()
    return progress


class _Times(NamedTuple):
    """Time passed, what was done in it, and what is left to do."""

    passed_s: float
    done: int
    left: int

    def in_short(self) -> str:
        """Time left, if the rest goes on as until now."""
        return f"{_clock(self.passed_s * self.left / self.done)} left" if self.done else ""

    def __str__(self) -> str:
        passed = f"{_clock(self.passed_s)} passed"
        return f"{passed}, {self.in_short()}" if self.done else passed


def _clock(seconds: float) -> str:
    """83 s → 1:23"""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def status_line(*, quiet: bool) -> Generator[Callable[[str], None]]:
    """A function to call with the current activity: a line on stderr that is replaced each time."""
    shown = not quiet and sys.stderr.isatty()

    def announce(message: str) -> None:
        raise_if_stopped()
        if shown:
            print(f"{_CLEAR_LINE}{message}", end="", file=sys.stderr, flush=True)

    try:
        yield announce
    finally:
        if shown:
            print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
