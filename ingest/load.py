"""A path that a user named, as a fixture or as a recorded block.

The one way in for every command. The format follows the file's name (`.yaml`, `.yml`, `.json`,
`.jsonl`), else its first characters; whether JSON holds a fixture or a Solana block, its content.
"""

from __future__ import annotations

import os
import re
from typing import Final, cast

import orjson

from ..primitives import InputError
from .fixture import FixtureFile
from .fixture_reader import read_fixture
from .getblock import looks_like_block, read_block
from .json_reader import read_json
from .jsonl_reader import JsonLines
from .reading import JSON_LEN_MAX, JSONL_LEN_MAX, YAML_LEN_MAX, open_regular, read_bytes
from .recorded import RecordedBlock
from .yaml_reader import read_yaml

_YAML_NAMES: Final = (".yaml", ".yml")
_JSONL_NAMES: Final = (".jsonl", ".ndjson")
_JSON_START: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
_FIXTURE_MARK: Final = re.compile(rb'"sealane"\s*:')


def load(path: str | os.PathLike[str], *, votes: bool = True) -> FixtureFile | RecordedBlock:
    """Read a fixture or a `getBlock` file. Without `votes`, a block's vote transactions are left
    out.

    Raises InputError, with path and line, for anything that is neither.
    """
    named = os.fspath(path)
    extension = os.path.splitext(named)[1].lower()
    if extension in _JSONL_NAMES:
        with open_regular(named, len_max=JSONL_LEN_MAX) as stream:
            lines = JsonLines(stream, named)
            return read_fixture(lines.document, lines.transactions())
    raw = read_bytes(named, len_max=YAML_LEN_MAX if extension in _YAML_NAMES else JSON_LEN_MAX)
    if extension != ".json" and not _JSON_START.match(raw):
        return read_fixture(read_yaml(raw, named))
    return _read_json(raw, named, votes=votes)


def _read_json(raw: bytes, path: str, *, votes: bool) -> FixtureFile | RecordedBlock:
    # Only a fixture has this key, and the strict reader is many times slower than orjson, which
    # knows nothing of duplicate keys and lines.
    if _FIXTURE_MARK.search(raw):
        return read_fixture(read_json(raw.decode(), path))
    try:
        parsed: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InputError(
            f"not valid JSON: {error.msg} (column {error.colno}); the file may be cut short",
            path=path,
            line=error.lineno,
        ) from None
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
