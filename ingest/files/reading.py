"""Bytes from a path that a user named.

Guarantees: only regular files are opened, at once and without blocking (a FIFO or `/dev/zero` is
refused, never waited for); a size cap holds before anything is read; text is strict UTF-8. Every
failure is an InputError that carries the path.
Does not: interpret what it read. Nothing here or above it ever unpickles or imports.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO, Final

from ...primitives import InputError

# A parsed document takes some ten to a hundred times its size in memory; YAML is slow as well.
YAML_LEN_MAX: Final = 32 << 20
JSON_LEN_MAX: Final = 128 << 20
# Read line by line, so only what is kept of each line counts.
JSONL_LEN_MAX: Final = 1 << 30
LINE_LEN_MAX: Final = 16 << 20

_KINDS: Final = (
    (stat.S_ISDIR, "a folder; name a file in it"),
    (stat.S_ISFIFO, "a FIFO, not a regular file; save what it gives to a file first"),
    (stat.S_ISCHR, "a device, not a regular file; save what it gives to a file first"),
    (stat.S_ISBLK, "a device, not a regular file; save what it gives to a file first"),
    (stat.S_ISSOCK, "a socket, not a regular file; save what it gives to a file first"),
)
_FOREIGN: Final = (
    (b"\xef\xbb\xbf", "starts with a byte-order mark; save it as UTF-8 without one"),
    (b"\xff\xfe", "is UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text; save it as UTF-8"),
    (b"\x1f\x8b", "is gzip-compressed; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is zstd-compressed; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"\x80", "is not text (a pickle starts so); pickles are never loaded, write YAML or JSON"),
)

_STDIN: Final = "-"  # other tools' name for it


def read_bytes(path: str, *, len_max: int = JSON_LEN_MAX) -> bytes:
    """The whole file, checked to be UTF-8 text. Raises InputError: missing, folder, too large…"""
    with open_regular(path, len_max=len_max) as stream:
        # Files under /proc claim size 0, so the cap is kept while reading as well.
        raw = stream.read(len_max + 1)
    check_len(len(raw), path, len_max)
    check_head(raw, path)
    check_text(raw, path)
    return raw


@contextmanager
def open_regular(path: str, *, len_max: int) -> Generator[BinaryIO]:
    """Open a regular file of at most `len_max` bytes for reading."""
    try:
        _check_kind(_status(path), path, len_max)
        with open(path, "rb", opener=_open_at_once) as stream:
            _check_kind(os.fstat(stream.fileno()), path, len_max)
            yield stream
    except OSError as error:
        raise _unopenable(path, error) from error


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except ValueError as error:  # a NUL byte in the path
        raise _unopenable(path, error) from error


def _open_at_once(path: str, flags: int) -> int:
    # Should the path have turned into a FIFO since the check, opening must not wait for a writer.
    return os.open(path, flags | os.O_NONBLOCK)


def check_len(length: int, path: str, len_max: int) -> None:
    """Refuse a file that is too large for its format."""
    if length > len_max:
        raise InputError(
            f"the file has {length:,} bytes, and {len_max:,} at most are read in this format; "
            "split it, or write it as JSONL, one transaction a line",
            path=path,
        )


def check_head(raw: bytes, path: str) -> None:
    """Refuse an empty file, a byte-order mark, and formats known by their first bytes."""
    if not raw.strip():
        raise InputError("the file is empty; a fixture starts with `sealane: 1`", path=path)
    for magic, what in _FOREIGN:
        if raw.startswith(magic):
            raise InputError(f"the file {what}", path=path, line=1)


def check_text(raw: bytes, path: str, *, first_line: int = 1, offset: int = 0) -> None:
    """Refuse bytes that are not UTF-8, and NUL. `first_line` and `offset` say where `raw` lies."""
    fault = raw.find(b"\0")
    what = "a NUL byte"
    if fault < 0 and not raw.isascii():
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            fault, what = error.start, f"byte 0x{raw[error.start]:02x}"
    if fault >= 0:
        raise InputError(
            f"{what} at offset {offset + fault} has no place in UTF-8 text; save the file as UTF-8",
            path=path,
            line=first_line + raw.count(b"\n", 0, fault),
        )


def _check_kind(status: os.stat_result, path: str, len_max: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next(
            (text for is_kind, text in _KINDS if is_kind(status.st_mode)), "no regular file"
        )
        raise InputError(f"this is {kind}", path=path)
    check_len(status.st_size, path, len_max)


def _unopenable(path: str, error: OSError | ValueError) -> InputError:
    if isinstance(error, FileNotFoundError):
        if path == _STDIN:
            message = "standard input is not read; save what it gives to a file and name that"
            return InputError(message, path=path)
        return InputError("no such file; check the path", path=path)
    if isinstance(error, PermissionError):
        return InputError("the file may not be read; check its permissions", path=path)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"the file cannot be read ({reason}); check the path", path=path)
