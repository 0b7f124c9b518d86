"""Ctrl-C and SIGTERM: the first one stops in good order, the second one kills.

Programs run in this process, too, and the runtime takes whatever is raised in them for their own
failure. So a signal is not only raised but kept, and `raise_if_stopped` raises it once more.
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


class Stopped(BaseException):
    """A signal asked the process to stop. `signal` is its number."""

    def __init__(self, number: int) -> None:
        self.signal = number
        super().__init__(number)


@contextmanager
def stoppable() -> Generator[None]:
    """Inside, SIGINT and SIGTERM raise Stopped, once; a second signal ends the process."""
    _received.clear()
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
    """Raise Stopped if a signal arrived. Takes a count, so that it can serve as `progress`."""
    if _received:
        raise Stopped(_received[0])


def stop_signal() -> int | None:
    """The signal that asked this command to stop, if one did."""
    return _received[0] if _received else None


def _show_unraisable(
    before: Callable[[sys.UnraisableHookArgs], None], args: sys.UnraisableHookArgs
) -> None:
    """Show what was raised where nobody can catch it, but for Stopped: that is remembered."""
    if not isinstance(args.exc_value, Stopped):
        before(args)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    _received.append(number)
    raise Stopped(number)
