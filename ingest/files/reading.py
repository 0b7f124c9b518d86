"""Reads input and checks that it is text before anything parses it.

Guarantees: text is strict UTF-8; other formats are recognised by their first bytes and refused by
name; the size limits are defined here. Every failure is an InputError with the path. Does not:
interpret the text. Neither this module nor its callers unpickle or import anything.
"""

from __future__ import annotations

from typing import Final

from ...primitives import InputError
from .opening import open_input

# Parsed, a document takes ten to a hundred times its size in memory; YAML is also slow.
YAML_LEN_MAX: Final = 32 << 20
JSON_LEN_MAX: Final = 128 << 20
# Read line by line, so only what is kept of each line takes memory.
JSONL_LEN_MAX: Final = 1 << 30
LINE_LEN_MAX: Final = 16 << 20

_WEB_PAGE: Final = "is a web page, not a node's answer; look at what it says, and request it again"
_FOREIGN: Final = (
    (b"\xef\xbb\xbf", "starts with a byte-order mark; save it as UTF-8 without one"),
    (b"\xff\xfe", "is UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text; save it as UTF-8"),
    (b"\x1f\x8b", "is gzip-compressed twice; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is zstd-compressed; unpack it first"),
    (b"\xfd7zXZ", "is xz-compressed; unpack it first"),
    (b"BZh", "is bzip2-compressed; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"PAR1", "is Parquet; save the block as JSON, as getBlock answers it"),
    *((mark, _WEB_PAGE) for mark in (b"<!", b"<html", b"<HTML", b"<?xml")),
    (b"HTTP/", "starts with HTTP headers; save the answer without them"),
    (b"\x80", "is not text (a pickle starts so); pickles are never loaded, write YAML or JSON"),
)


def read_bytes(path: str, *, len_max: int = JSON_LEN_MAX) -> bytes:
    """Read a whole file as UTF-8 text. Raises InputError: missing, folder, too large, …"""
    with open_input(path, len_max=len_max) as stream:
        raw = stream.read()
    check_head(raw, path)
    check_text(raw, path)
    return raw


def check_head(raw: bytes, path: str) -> None:
    """Refuse an empty file, a byte-order mark, and formats recognised by their first bytes."""
    if not raw or raw.isspace():
        raise InputError("the file is empty; a fixture starts with `sealane: 1`", path=path)
    for magic, what in _FOREIGN:
        if raw.startswith(magic):
            raise InputError(f"the file {what}", path=path, line=1)


def check_text(raw: bytes, path: str, *, first_line: int = 1, offset: int = 0) -> None:
    """Refuse NUL and invalid UTF-8. `first_line` and `offset`: where `raw` starts in the file."""
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
