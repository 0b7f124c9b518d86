"""Standard error: talk, which must never decide how a command ends."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO, cast

from .escaping import escaped

_DESCRIPTOR = 2


def settle_stderr() -> None:
    """Have a closed or full stderr take everything, for this process and its programs' prints.

    What others put in its place, tests for example, is left alone.
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


def say(line: str) -> None:
    """One line of talk, escaped."""
    print(escaped(line), file=sys.stderr, flush=True)


class _Forgiving(io.FileIO):
    """Drops what cannot be written: there is nobody left who could be told."""

    def write(self, raw: bytes | bytearray | memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - any buffer
        try:
            written = super().write(raw)
        except OSError:
            written = None
        return len(raw) if written is None else written
