"""Standard output: whole texts and JSON documents, and what to do when nobody reads them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from itertools import islice
from typing import Any, Final, TextIO

_LINES_PER_WRITE: Final = 1000
_written: list[object] = []  # the document of the command that runs: there is one at most


def write_text(text: str) -> None:
    """Write and flush. A reader that went away is no error: the exit code still counts."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()


def write_lines(lines: Iterable[str]) -> None:
    """Write lines as they are made; make no more of them once nobody reads."""
    remaining = iter(lines)
    try:
        while chunk := list(islice(remaining, _LINES_PER_WRITE)):
            sys.stdout.write("\n".join(chunk) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()


def write_json(document: Any, *, indented: bool | None = None) -> None:
    """Write one JSON document; indented for people (a terminal), on one line for programs."""
    import orjson

    _written.append(document)
    readable = sys.stdout.isatty() if indented is None else indented
    option = orjson.OPT_INDENT_2 if readable else 0
    write_text(orjson.dumps(document, option=option | orjson.OPT_APPEND_NEWLINE).decode())


def has_document() -> bool:
    """Whether this command has begun to write its document."""
    return bool(_written)


def forget_document() -> None:
    """A new command begins: it has written nothing yet."""
    _written.clear()


def kept_for_results() -> redirect_stdout[TextIO]:
    """While this is entered, what programs print goes to stderr: stdout is for results."""
    return redirect_stdout(sys.stderr)


def silence_stdout() -> None:
    """Send what is still to come nowhere, so that the interpreter's last flush is quiet."""
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # no file behind it: a test's, or an embedder's
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
