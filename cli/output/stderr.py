"""Standard error: messages whose failure must never affect how a command ends."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO, cast

from .escaping import escaped

_DESCRIPTOR = 2


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


def say(line: str) -> None:
    """Write one escaped line to stderr."""
    print(escaped(line), file=sys.stderr, flush=True)


class _Forgiving(io.FileIO):
    """Drops what cannot be written, since there is no way left to report it."""

    def write(self, raw: bytes | bytearray | memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - any buffer
        try:
            written = super().write(raw)
        except OSError:
            written = None
        return len(raw) if written is None else written
