"""Writes the package's log to stderr, one escaped line per record."""

from __future__ import annotations

import logging
from typing import Final

from .stderr import say

_ROOT: Final = logging.getLogger(__name__.partition(".")[0])


class _Lines(logging.Handler):
    """`info: runtime.workers: worker 1 started, process 4121`."""

    def emit(self, record: logging.LogRecord) -> None:
        room = record.name.partition(".")[2]
        say(f"{record.levelname.lower()}: {room}: {record.getMessage()}")


_LINES: Final = _Lines()


def begin(*, everything: bool) -> None:
    """Start showing log records, from INFO on, or with `everything` from DEBUG on."""
    _ROOT.setLevel(logging.DEBUG if everything else logging.INFO)
    _ROOT.addHandler(_LINES)


def end() -> None:
    """Stop showing log records."""
    _ROOT.removeHandler(_LINES)
    _ROOT.setLevel(logging.NOTSET)
