"""Ctrl-C and SIGTERM: the first one stops in good order, the second one kills.

Programs run in this process, too, and the runtime takes whatever is raised in them for their own
failure. So a signal is not only raised but kept, and `raise_if_stopped` raises it once more.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
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
    try:
        yield
        raise_if_stopped()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def raise_if_stopped(_done: int = 0) -> None:
    """Raise Stopped if a signal arrived. Takes a count, so that it can serve as `progress`."""
    if _received:
        raise Stopped(_received[0])


def _stop(number: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    _received.append(number)
    raise Stopped(number)
