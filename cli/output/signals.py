"""Ctrl-C and SIGTERM: the first stops the command in an orderly way, the second kills it.

Programs also run in this process, and the runtime treats any exception in them as their failure. So
a signal is not only raised but also recorded, and `raise_if_stopped` raises it again.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_received: list[int] = []
_quiet: list[bool] = []


class Stopped(BaseException):
    """A signal asked the process to stop. `signal` is its number."""

    def __init__(self, number: int) -> None:
        self.signal = number
        super().__init__(number)


@contextmanager
def stoppable() -> Generator[None]:
    """In this context, SIGINT and SIGTERM raise Stopped once; a second signal ends the process."""
    _received.clear()
    _quiet.clear()
    before = {number: signal.signal(number, _stop) for number in _SIGNALS}
    unraisable = sys.unraisablehook
    sys.unraisablehook = partial(_show_unraisable, unraisable)
    try:
        yield
        raise_if_stopped()
    finally:
        sys.unraisablehook = unraisable
        for number, handler in before.items():
            signal.signal(number, handler)


def raise_if_stopped(_done: int = 0) -> None:
    """Raise Stopped if a signal has arrived. Takes a count so that it can be used as `progress`."""
    if _received:
        raise Stopped(_received[0])


def end_quietly() -> None:
    """Print nothing when a signal ends this command, which only shows something."""
    _quiet.append(True)


def ends_quietly() -> bool:
    return bool(_quiet)


def stop_signal() -> int | None:
    """The signal that stopped this command, if any."""
    return _received[0] if _received else None


def _show_unraisable(
    before: Callable[[sys.UnraisableHookArgs], None], args: sys.UnraisableHookArgs
) -> None:
    """Report exceptions raised where they cannot be caught, except Stopped, which is recorded."""
    if not isinstance(args.exc_value, Stopped):
        before(args)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    _received.append(number)
    raise Stopped(number)
