"""Loads an input as a fixture or as a recorded block.

Used by every command. The content decides, not the file's name: JSON, JSONL or YAML by how it
begins, a fixture by its `sealane` key, a block by the form of a node's answer; bytes that are no
text, and text that is nothing but hex digits, are left to the chains. The name only settles
ambiguous text (quoted keys in braces are also YAML) and which format's errors to report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from io import BufferedReader
from typing import BinaryIO, Final

import orjson

from ..primitives import InputError
from .building.recording import AS_IT_STANDS, Content, Reading, Recording
from .files.bare_bytes import bare_content, is_bare
from .files.json_reader import read_json
from .files.json_size import check_values, nesting_depth
from .files.jsonl_reader import JsonLines
from .files.opening import Source, check_len, open_input, put_back, source_name
from .files.reading import JSON_LEN_MAX, JSONL_LEN_MAX, YAML_LEN_MAX, check_head, check_text
from .files.yaml_reader import read_yaml
from .fixture.model import FixtureFile
from .fixture.reader import read_fixture

_YAML_NAMES: Final = (".yaml", ".yml")
_JSONL_NAMES: Final = (".jsonl", ".ndjson")
_JSON_NAME: Final = ".json"
_BLANK_LINES_MAX: Final = 1_000  # blank lines before the first line; a file with more is read whole
_ORJSON_DEPTH_MAX: Final = 1024  # orjson's documented limit; it refuses deeper documents
_JSON_START: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
_FIXTURE_MARK: Final = re.compile(rb'"sealane"\s*:')
_YAML_FIXTURE_MARK: Final = re.compile(rb"^[\s{]*['\"]?sealane['\"]?\s*:", re.MULTILINE)
_JSON_LINES: Final = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")


def read_input(
    source: Source, reading: Reading = AS_IT_STANDS
) -> FixtureFile | Sequence[Recording]:
    """Load a fixture, or the blocks in a file of a chain; `-` is standard input, gzip is unpacked.

    Bytes are the content of a file; an open file is read from its current position. Raises
    InputError, with path and line, for anything that is neither.
    """
    named = source_name(source)
    with open_input(source, len_max=JSONL_LEN_MAX) as stream:
        head = _head(stream)
        if is_bare(head):
            return _read_bare(head + stream.read(JSON_LEN_MAX + 1 - len(head)), named, reading)
        check_head(head, named)
        if _is_lines(head, stream, named) and _FIXTURE_MARK.search(head):
            return _read_lines(put_back(head, stream), named)
        rest = stream.read(JSON_LEN_MAX + 1 - len(head))
        raw = head + rest if rest else head
    check_len(len(raw), named, JSON_LEN_MAX)
    check_text(raw, named)
    return _read_text(raw, named, reading)


def read_content(source: Source) -> Content:
    """The content of a file that stands beside a block's, for the block's chain to understand.

    Raises InputError, with path and line, for anything that is no JSON, binary or hex.
    """
    named = source_name(source)
    with open_input(source, len_max=JSON_LEN_MAX) as stream:
        raw = stream.read(JSON_LEN_MAX + 1)
    check_len(len(raw), named, JSON_LEN_MAX)
    if is_bare(raw):
        return bare_content(raw, named)
    check_head(raw, named)
    check_text(raw, named)
    return _parsed(raw, named)


def _read_bare(raw: bytes, path: str, reading: Reading) -> Sequence[Recording]:
    check_len(len(raw), path, JSON_LEN_MAX)
    return _recordings(bare_content(raw, path), reading, path)


def _head(stream: BinaryIO) -> bytes:
    """The first non-blank line, with the blank ones before it."""
    head = b""
    for _ in range(_BLANK_LINES_MAX):
        line = stream.readline(JSON_LEN_MAX + 1 - len(head))
        head = head + line if head else line  # a block is one line of megabytes: do not copy it
        if not line.isspace():
            return head
    return head + stream.read(JSON_LEN_MAX + 1 - len(head))


def _is_lines(head: bytes, stream: BufferedReader, path: str) -> bool:
    """Whether the file has one JSON object per line, `head` being the first."""
    if not head.lstrip().startswith(b"{") or not head.rstrip().endswith(b"}"):
        return False
    following = stream.peek(1).lstrip()
    return following.startswith(b"{") or _extension(path) in _JSONL_NAMES


def _read_text(raw: bytes, path: str, reading: Reading) -> FixtureFile | Sequence[Recording]:
    is_yaml_name = _extension(path) in _YAML_NAMES
    # Only a fixture has this key; in a block it can occur in logs only, with escaped quotes.
    is_fixture = _FIXTURE_MARK.search(raw) is not None
    as_json = _JSON_START.match(raw) is not None
    if not as_json and _extension(path) == _JSON_NAME:
        as_json = _YAML_FIXTURE_MARK.search(raw) is None
    if not as_json or (is_yaml_name and is_fixture):
        check_len(len(raw), path, YAML_LEN_MAX)
        return read_fixture(read_yaml(raw, path))
    if is_fixture:
        return read_fixture(read_json(raw.decode(), path))
    return _read_block(raw, path, reading)


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _read_lines(stream: BinaryIO, path: str) -> FixtureFile:
    lines = JsonLines(stream, path)
    return read_fixture(lines.document, lines.transactions())


def _read_block(raw: bytes, path: str, reading: Reading) -> Sequence[Recording]:
    return _recordings(_parsed(raw, path), reading, path)


def _parsed(raw: bytes, path: str) -> Content:
    check_values(raw, path)
    # A cheap check first: most blocks are one line of megabytes.
    in_lines = b"\n" in raw.rstrip() and _JSON_LINES.match(raw) is not None
    return _parsed_lines(raw, path) if in_lines else _parsed_quickly(raw, path)


def _recordings(content: Content, reading: Reading, path: str) -> Sequence[Recording]:
    # Imported here: a fixture needs no chain.
    from .chains import read_recordings

    return read_recordings(content, reading, path)


def _parsed_lines(raw: bytes, path: str) -> list[object]:
    """Parse a file with one answer per line."""
    return [
        _parsed_quickly(line, path, first_line=number)
        for number, line in enumerate(raw.split(b"\n"), 1)
        if line.strip()
    ]


def _parsed_quickly(raw: bytes, path: str, first_line: int = 1) -> object:
    """Parse with orjson: many times faster than the strict reader, and a block may have floats."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if nesting_depth(raw) > _ORJSON_DEPTH_MAX:
            raise InputError(
                f"nested more than {_ORJSON_DEPTH_MAX} deep; no block is, name another file",
                path=path,
                line=first_line + error.lineno - 1,
            ) from None
        raise InputError(
            f"not valid JSON: {error.msg} (column {error.colno}); the file may be cut short",
            path=path,
            line=first_line + error.lineno - 1,
        ) from None
