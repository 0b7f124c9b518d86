"""Standard error: messages whose failure must never affect how a command ends."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TextIO, cast

from .escaping import escaped

_DESCRIPTOR = 2
_forms: list[Callable[[str, str], str]] = []  # at most one


def settle_stderr() -> None:
    """Make writes to a closed or full stderr succeed, also for prints of programs.

    A replaced stderr, as in tests, is left alone.
    """
    stderr: TextIO | None = sys.stderr
    if stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for good
    elif stderr is sys.__stderr__:
        stderr.flush()
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(cast(io.RawIOBase, _Forgiving(_DESCRIPTOR, "w", closefd=False))),
            encoding=stderr.encoding,
            errors="backslashreplace",
            line_buffering=True,
        )


def say(message: str, *, level: str = "info", prefix: str = "") -> None:
    """Write one line to stderr: prefix and escaped message, or in the form of `write_as`."""
    line = _forms[-1](level, message) if _forms else f"{prefix}{escaped(message)}"
    print(line, file=sys.stderr, flush=True)


def write_as(form: Callable[[str, str], str] | None) -> None:
    """Write lines as `form(level, message)` from now on. None: as they are."""
    _forms[:] = [] if form is None else [form]


class _Forgiving(io.FileIO):
    """Drops what cannot be written, since there is no way left to report it."""

    def write(self, raw: bytes | bytearray | memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - any buffer
        try:
            written = super().write(raw)
        except OSError:
            written = None
        return len(raw) if written is None else written
