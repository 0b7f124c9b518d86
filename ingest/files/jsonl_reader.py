"""JSONL: a fixture's header on the first line, then one transaction per line.

Guarantees: exact line numbers; a header no longer than a JSON document may be, for it has all
accounts; no other line longer than LINE_LEN_MAX, one line in memory at a time; at most
JSONL_VALUES_MAX values in all. Blank lines are skipped.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import BinaryIO

from ...primitives import InputError
from .document import Document, Pointer, Value, too_many_values
from .json_reader import JsonReader
from .json_size import JSONL_VALUES_MAX, count_at_most
from .reading import JSON_LEN_MAX, LINE_LEN_MAX, check_head, check_text


class JsonLines:
    """Reads the header immediately and the other lines on demand, recording where each starts.

    `document` is the header; its `locate` knows the lines of the transactions read so far.
    """

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self._path = path
        self._reader = JsonReader(path)
        self._raw_lines = _raw_lines(stream, path)
        self._lines = array("q")
        self._values = 0
        self._header_line, raw = next(self._raw_lines, (1, b""))
        check_head(raw, path)
        value = self._value(self._header_line, raw)
        self.document = Document(path, value, self._locate)

    def transactions(self) -> Iterator[Value]:
        """The values after the header. Raises InputError for a line that cannot be parsed."""
        for line, raw in self._raw_lines:
            self._lines.append(line)
            yield self._value(line, raw)

    def _value(self, line: int, raw: bytes) -> Value:
        try:
            content = raw.decode()
        except UnicodeDecodeError:
            check_text(raw, self._path, first_line=line)
            raise
        self._values += count_at_most(raw)
        if self._values > JSONL_VALUES_MAX:
            raise too_many_values(self._path, JSONL_VALUES_MAX, line)
        return self._reader.read(content, first_line=line)

    def _locate(self, pointer: Pointer) -> int | None:
        if len(pointer) >= 2 and pointer[0] == "transactions" and isinstance(pointer[1], int):
            return self._lines[pointer[1]]
        return self._header_line


def _raw_lines(stream: BinaryIO, path: str) -> Iterator[tuple[int, bytes]]:
    """Non-blank lines without line ends, each with its number."""
    number, len_max = 0, JSON_LEN_MAX
    while raw := stream.readline(len_max + 1):
        number += 1
        if len(raw) > len_max:
            raise InputError(
                f"the line is longer than {len_max:,} bytes; JSONL has one transaction a line",
                path=path,
                line=number,
            )
        raw = raw.strip(b" \t\r\n")
        if raw:
            len_max = LINE_LEN_MAX
            yield number, raw
