"""Nesting depth and number of values of a JSON text, measured before parsing it.

A value of two characters takes fifty times its size in memory, so limits on a file's length do not
bound the memory needed to parse it. Guarantees: constant memory, except for one copy of the text if
strings have escapes. Does not: check that the text is JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .document import too_many_values

# Some hundred bytes of memory each. The largest real blocks have half a million.
JSON_VALUES_MAX: Final = 8_000_000
# For a whole JSONL file: nearly two million transfers.
JSONL_VALUES_MAX: Final = 16_000_000
_CHUNK_LEN: Final = 1 << 20
_QUOTE, _COMMA = ord('"'), ord(",")
_STEPS: Final = np.zeros(256, dtype=np.int8)  # what a byte adds to the depth
_STEPS[[ord("["), ord("{")]] = 1
_STEPS[[ord("]"), ord("}")]] = -1


def count_at_most(raw: bytes) -> int:
    """A quick upper bound on the number of values: it also counts what is inside strings."""
    return 1 + raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def count_values(raw: bytes) -> int:
    """The number of values in a JSON text; an empty list or object counts as two."""
    count = 1
    for bare in _outside_strings(raw):
        count += int(np.count_nonzero(bare == _COMMA)) + int(np.count_nonzero(_STEPS[bare] > 0))
    return count


def nesting_depth(raw: bytes) -> int:
    """The maximum nesting depth of brackets outside strings."""
    depth = deepest = 0
    for bare in _outside_strings(raw):
        depths = _STEPS[bare].cumsum(dtype=np.int64) + depth
        if len(depths):
            deepest = max(deepest, int(depths.max()))
            depth = int(depths[-1])
    return deepest


def check_values(raw: bytes, path: str, values_max: int = JSON_VALUES_MAX) -> None:
    """Raise InputError for a text with too many values."""
    if len(raw) < values_max:  # each value takes a character
        return
    if count_at_most(raw) > values_max and count_values(raw) > values_max:
        raise too_many_values(path, values_max)


def _outside_strings(raw: bytes) -> Iterator[NDArray[np.uint8]]:
    """The bytes outside strings, in chunks."""
    if b"\\" in raw:  # backslashes occur only in strings, and pair up from the left
        raw = raw.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    inside = 0
    for start in range(0, len(raw), _CHUNK_LEN):
        chunk = np.frombuffer(raw, np.uint8, min(_CHUNK_LEN, len(raw) - start), start)
        quotes = (chunk == _QUOTE).cumsum(dtype=np.uint32) + np.uint32(inside)
        yield chunk[quotes % 2 == 0]
        inside = int(quotes[-1]) % 2
