"""A path that a user named, as a fixture or as a recorded block.

The one way in for every command. The format follows the file's name (`.yaml`, `.yml`, `.json`,
`.jsonl`), else its first characters; whether JSON holds a fixture or a Solana block, its content.
"""

from __future__ import annotations

import io
import os
import re
from typing import BinaryIO, Final, cast

import orjson

from ..primitives import InputError
from .collecting import rare_collections
from .files.json_reader import nesting_depth, read_json
from .files.jsonl_reader import JsonLines
from .files.reading import (
    JSON_LEN_MAX,
    JSONL_LEN_MAX,
    YAML_LEN_MAX,
    check_len,
    open_regular,
    read_bytes,
)
from .files.yaml_reader import read_yaml
from .fixture.model import FixtureFile
from .fixture.reader import read_fixture
from .solana.getblock import looks_like_block, read_block
from .solana.recorded import RecordedBlock

_YAML_NAMES: Final = (".yaml", ".yml")
_JSONL_NAMES: Final = (".jsonl", ".ndjson")
_ORJSON_DEPTH_MAX: Final = 1024  # documented; it refuses beyond that
_JSON_START: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
_FIXTURE_MARK: Final = re.compile(rb'"sealane"\s*:')
_JSON_LINES: Final = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")


@rare_collections()
def load(path: str | os.PathLike[str], *, votes: bool = True) -> FixtureFile | RecordedBlock:
    """Read a fixture or a `getBlock` file. Without `votes`, a block leaves out vote transactions.

    Raises InputError, with path and line, for anything that is neither.
    """
    named = os.fspath(path)
    extension = os.path.splitext(named)[1].lower()
    if extension in _JSONL_NAMES:
        with open_regular(named, len_max=JSONL_LEN_MAX) as stream:
            return _read_lines(stream, named)
    is_yaml_name = extension in _YAML_NAMES
    raw = read_bytes(named, len_max=YAML_LEN_MAX if is_yaml_name else JSON_LEN_MAX)
    # Only a fixture has this key; logs in a block hold it, if at all, with escaped quotes.
    is_fixture = _FIXTURE_MARK.search(raw) is not None
    starts_as_json = extension == ".json" or _JSON_START.match(raw) is not None
    if not starts_as_json or (is_yaml_name and is_fixture):
        check_len(len(raw), named, YAML_LEN_MAX)
        return read_fixture(read_yaml(raw, named))
    if not is_fixture:
        return _read_block(raw, named, votes=votes)
    if _JSON_LINES.match(raw):
        return _read_lines(io.BytesIO(raw), named)
    return read_fixture(read_json(raw.decode(), named))


def _read_lines(stream: BinaryIO, path: str) -> FixtureFile:
    lines = JsonLines(stream, path)
    return read_fixture(lines.document, lines.transactions())


def _read_block(raw: bytes, path: str, *, votes: bool) -> RecordedBlock:
    parsed = _parsed_quickly(raw, path)
    if not looks_like_block(parsed):
        raise InputError(
            "neither a fixture (it would say `sealane: 1`) nor the answer of Solana's getBlock; "
            "name another file",
            path=path,
            line=1,
        )
    try:
        return read_block(cast("dict[str, object]", parsed), votes=votes)
    except InputError as error:
        raise InputError(error.message, path=path) from error


def _parsed_quickly(raw: bytes, path: str) -> object:
    """orjson is many times faster than the strict reader, and a block's floats are harmless."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if nesting_depth(raw.decode()) > _ORJSON_DEPTH_MAX:
            raise InputError(
                f"nested more than {_ORJSON_DEPTH_MAX} deep; no block is, name another file",
                path=path,
                line=error.lineno,
            ) from None
        raise InputError(
            f"not valid JSON: {error.msg} (column {error.colno}); the file may be cut short",
            path=path,
            line=error.lineno,
        ) from None
