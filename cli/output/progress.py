"""A progress bar on stderr for long work: on a terminal only, removed when the work is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from .signals import raise_if_stopped

# Less work ends before a bar could be read, and importing Rich would take longer.
_LONG_WORK_MIN: Final = 20_000
_CLEAR_LINE: Final = "\r\x1b[2K"


@contextmanager
def progress_bar(
    what: str, total: int, *, quiet: bool, long_from: int = _LONG_WORK_MIN
) -> Generator[Callable[[int], None]]:
    """A function to call with how many of `total` are done. It also raises pending signals.

    Shows time passed, and time left. `long_from`: the total from which it is worth a bar.
    """
    if quiet or total < long_from or not sys.stderr.isatty():
        yield raise_if_stopped
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Left

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (Elapsed(), TextColumn("left"), Left(compact=True))
    with Progress(*columns, *times, console=console, transient=True) as progress:
        task = progress.add_task(what, total=total)
        step = max(
            1, total // 500
        )  # an update for each of a million transactions would take seconds
        shown = 0

        def advance(done: int) -> None:
            nonlocal shown
            raise_if_stopped()
            if done - shown >= step or done == total:
                shown = done
                progress.update(task, completed=done)

        yield advance


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
