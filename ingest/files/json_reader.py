"""Strict JSON: no duplicate keys, floats, NaN or lone surrogates; bounded depth.

The standard decoder reads the text, with hooks that notice what is not allowed but cannot say
where. When they do, or when an error has to name a line later, a small scanner that counts lines
reads the text again. Guarantees: depth and number of values are checked before the decoder starts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, cast

from ...primitives import InputError
from ...primitives.literals import INTEGER_DIGITS_MAX
from .document import (
    DEPTH_MAX,
    Document,
    Event,
    EventType,
    Pointer,
    Value,
    build,
    locate,
    too_deep,
    too_many_digits,
)
from .json_size import check_values, nesting_depth

_STRING: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'  # possessive: no backtracking on bad input
_TOKENS: Final = re.compile(
    rf"(?P<string>{_STRING})|(?P<mark>[{{}}\[\]:,])|(?P<space>[ \t\r\n]+)"
    r"|(?P<word>[^\s{}\[\]:,\"]+)",
    re.DOTALL,
)
_INTEGER: Final = re.compile(r"-?[0-9]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|NaN|-?Infinity")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_MINUS_ZERO: Final = "-0"  # valid JSON, but a second spelling of 0
_WORDS: Final[dict[str, Value]] = {"null": None, "true": True, "false": False}


class _SuspicionError(Exception):
    """Something was read that is not allowed; the scanner finds out what and where."""


class _Decoder(json.JSONDecoder):
    """The standard decoder with stricter hooks. `floats` counts those met since it was reset."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=_mapping,
            parse_int=_integer,
            parse_float=self._note_float,
            parse_constant=self._note_float,
        )
        self.floats = 0

    def _note_float(self, text: str) -> float:
        self.floats += 1
        return 0.0  # the scanner decides whether a float is allowed there, and reads it


def read_json(text: str, path: str) -> Document:
    """Parse one JSON document. Raises InputError with path and line."""
    check_values(text.encode(), path)
    value = JsonReader(path).read(text)

    def line_of(pointer: Pointer) -> int | None:
        return locate(json_events(text, path), pointer)

    return Document(path, value, line_of)


class JsonReader:
    """Reads one text after another (the lines of a JSONL file) with one decoder."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._decoder = _Decoder()

    def read(self, text: str, *, first_line: int = 1) -> Value:
        """Parse `text`, which begins at line `first_line` of the file."""
        decoder = self._decoder
        decoder.floats = 0
        if (
            text.count("[") + text.count("{") > DEPTH_MAX
            and nesting_depth(text.encode()) > DEPTH_MAX
        ):
            build(json_events(text, self._path, first_line), self._path)
            raise too_deep(self._path, None)  # unbalanced brackets, so the line is unknown
        try:
            value = decoder.decode(text)
        except _SuspicionError:
            value = None
            suspicious = True
        except json.JSONDecodeError as error:
            raise InputError(
                f"not valid JSON: {error.msg} (column {error.colno}); "
                "check commas, quotes and brackets there",
                path=self._path,
                line=first_line + error.lineno - 1,
            ) from None
        else:
            suspicious = decoder.floats > 0 or ("\\u" in text and bool(_SURROGATE.search(text)))
        if suspicious:
            return build(json_events(text, self._path, first_line), self._path)
        return cast("Value", value)


def json_events(text: str, path: str, first_line: int = 1) -> Iterator[Event]:
    """The events of a text that the decoder accepts, up to the first thing refused here."""
    line = first_line
    in_mapping: list[bool] = []
    is_key = False
    for match in _TOKENS.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "space":
            line += token.count("\n")
        elif kind == "string":
            yield EventType.KEY if is_key else EventType.VALUE, _string(token, path, line), line
            is_key = False
        elif kind == "word":
            yield _word(token, path, line)
        elif token in "{[":
            yield EventType.MAPPING if token == "{" else EventType.SEQUENCE, None, line
            in_mapping.append(token == "{")
            is_key = token == "{"
        elif token in "}]":
            if not in_mapping:
                raise _unreadable(path, line)
            in_mapping.pop()
            is_key = False
            yield EventType.END, None, line
        elif token == ",":
            is_key = bool(in_mapping) and in_mapping[-1]


def _string(token: str, path: str, line: int) -> str:
    try:
        text = cast("str", json.loads(token))
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            "half of a surrogate pair is no character; write the character itself",
            path=path,
            line=line,
        ) from None
    except json.JSONDecodeError:
        raise _unreadable(path, line) from None
    return text


def _word(token: str, path: str, line: int) -> Event:
    if token in _WORDS:
        return EventType.VALUE, _WORDS[token], line
    if _INTEGER.fullmatch(token):
        if token == _MINUS_ZERO:
            raise InputError(f"'{_MINUS_ZERO}' is no integer; write 0", path=path, line=line)
        digits = len(token) - token.startswith("-")
        if digits > INTEGER_DIGITS_MAX:
            raise too_many_digits(path, line, digits)
        return EventType.VALUE, int(token), line
    if _NUMBER.fullmatch(token):
        return EventType.FLOAT, token, line
    raise _unreadable(path, line)


def _unreadable(path: str, line: int) -> InputError:
    return InputError(
        "not valid JSON; check commas, quotes and brackets here", path=path, line=line
    )


def _mapping(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _SuspicionError
    return mapping


def _integer(text: str) -> int:
    if len(text) > INTEGER_DIGITS_MAX or text == _MINUS_ZERO:
        raise _SuspicionError
    return int(text)
