"""Standard output: whole texts and JSON documents, and what to do when nobody reads them."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, redirect_stdout
from itertools import islice
from typing import Any, Final, TextIO

from .committed import Unreported, committed
from .escaping import escaped, escaped_json

_LINES_PER_WRITE: Final = 1000
_written: list[object] = []  # the document of the command that runs: there is one at most
_closed: list[TextIO] = []  # what stands in for a stdout that the caller closed


def settle_stdout() -> None:
    """A terminal that cannot show a bar's character shows `?`; a closed stdout takes everything.

    Neither is a reason to fail.
    """
    stdout: TextIO | None = sys.stdout
    if stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for good
        _closed.append(sys.stdout)
    if isinstance(stdout, io.TextIOWrapper):
        stdout.reconfigure(errors="replace")


def write_text(text: str) -> None:
    """Write and flush."""
    with _to_a_reader():
        sys.stdout.write(text)
        sys.stdout.flush()


def write_lines(lines: Iterable[str]) -> None:
    """Write lines as they are made; make no more of them once nobody reads."""
    remaining = iter(lines)
    with _to_a_reader():
        while chunk := list(islice(remaining, _LINES_PER_WRITE)):
            sys.stdout.write("\n".join(map(escaped, chunk)) + "\n")
        sys.stdout.flush()


@contextmanager
def _to_a_reader() -> Generator[None]:
    """A reader that went away is no error, and the exit code still counts.

    Unless something was committed: whoever waits for the report must learn that there is none.
    """
    try:
        if committed() and sys.stdout in _closed:
            raise OSError(errno.EBADF, "standard output is closed")
        yield
    except OSError as error:
        if committed():
            raise Unreported from error
        if not isinstance(error, BrokenPipeError):
            raise
        silence_stdout()


def write_json(document: Any, *, indented: bool | None = None) -> None:
    """Write one JSON document; indented for people (a terminal), on one line for programs."""
    _written.append(document)
    write_text(json_text(document, indented=sys.stdout.isatty() if indented is None else indented))


def json_text(document: Any, *, indented: bool) -> str:
    """One JSON document and a line end, with nothing that a terminal would act on."""
    import orjson

    option = orjson.OPT_INDENT_2 if indented else 0
    try:
        text = orjson.dumps(document, option=option | orjson.OPT_APPEND_NEWLINE).decode()
    except orjson.JSONEncodeError:  # a file name that is no UTF-8: Python marks its odd bytes
        text = json.dumps(document, ensure_ascii=False, indent=2 if indented else None) + "\n"
    return escaped_json(text)


def has_document() -> bool:
    """Whether this command has begun to write its document."""
    return bool(_written)


def forget_document() -> None:
    """A new command begins: it has written nothing yet."""
    _written.clear()


@contextmanager
def kept_for_results() -> Generator[None]:
    """While this is entered, what programs print goes to stderr: stdout is for results.

    By whatever way: through `sys.stdout`, to its descriptor, from a process that they start.
    """
    with _descriptor_kept(), redirect_stdout(sys.stderr):
        yield


@contextmanager
def _descriptor_kept() -> Generator[None]:
    try:
        sys.stdout.flush()
        out, err = sys.stdout.fileno(), sys.stderr.fileno()
    except (OSError, ValueError):  # no file behind it: a test's, or an embedder's
        yield
        return
    kept = os.dup(out)
    os.dup2(err, out)
    try:
        yield
    finally:
        os.dup2(kept, out)
        os.close(kept)


def silence_stdout() -> None:
    """Send what is still to come nowhere, so that the interpreter's last flush is quiet."""
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # no file behind it: a test's, or an embedder's
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
