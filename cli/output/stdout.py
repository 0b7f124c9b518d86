"""Standard output: texts and JSON documents, and handling a reader that has gone away."""

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
_written: list[object] = []  # the running command's document: at most one
_closed: list[TextIO] = []  # replacement for a stdout that the caller closed


def settle_stdout() -> None:
    """Print `?` for characters that a terminal cannot show; accept all output if stdout is closed.

    Neither is an error.
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
    """Write lines as they are generated; stop generating once the reader has gone away."""
    remaining = iter(lines)
    with _to_a_reader():
        while chunk := list(islice(remaining, _LINES_PER_WRITE)):
            sys.stdout.write("\n".join(map(escaped, chunk)) + "\n")
        sys.stdout.flush()


@contextmanager
def _to_a_reader() -> Generator[None]:
    """Ignore a reader that has gone away; the exit code still stands.

    Unless something was committed: then the caller must learn that there is no report.
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
    """Write one JSON document: indented on a terminal, on one line otherwise."""
    _written.append(document)
    write_text(json_text(document, indented=sys.stdout.isatty() if indented is None else indented))


def json_text(document: Any, *, indented: bool) -> str:
    """One JSON document and a line end, with nothing that a terminal would act on."""
    import orjson

    option = orjson.OPT_INDENT_2 if indented else 0
    try:
        text = orjson.dumps(document, option=option | orjson.OPT_APPEND_NEWLINE).decode()
    except (
        orjson.JSONEncodeError
    ):  # a file name that is not UTF-8, which Python decodes with surrogates
        text = json.dumps(document, ensure_ascii=False, indent=2 if indented else None) + "\n"
    return escaped_json(text)


def has_document() -> bool:
    """Whether this command has started to write its document."""
    return bool(_written)


def forget_document() -> None:
    """Reset for a new command, which has written nothing yet."""
    _written.clear()


@contextmanager
def kept_for_results() -> Generator[None]:
    """Redirect what programs print to stderr, keeping stdout for results.

    This covers `sys.stdout`, its descriptor, and processes that programs start.
    """
    with _descriptor_kept(), redirect_stdout(sys.stderr):
        yield


@contextmanager
def _descriptor_kept() -> Generator[None]:
    try:
        sys.stdout.flush()
        out, err = sys.stdout.fileno(), sys.stderr.fileno()
    except (OSError, ValueError):  # not backed by a file, as in tests or when embedded
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
    """Discard all further output, so that the interpreter's final flush does not fail."""
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # not backed by a file, as in tests or when embedded
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
