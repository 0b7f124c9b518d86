"""Values of a parsed JSON document, narrowed to the expected type.

Guarantees: a value of the wrong type raises an InputError with its position and what was found.
Booleans and floats are not accepted as integers; strings of plain digits are, because encoders for
JavaScript, such as protobuf's, write 64-bit integers that way.
"""

from __future__ import annotations

import re
from typing import Final, cast

from ...primitives import InputError
from ...primitives.integers import U64_MAX

_SHOWN_LEN_MAX: Final = 40
_DIGITS: Final = re.compile(r"0|-?[1-9][0-9]{0,19}", re.ASCII)  # 2^64 has 20
_KINDS: Final[dict[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "a boolean",
    int: "an integer",
    float: "a float",
}


def as_object(value: object, place: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _mismatch("an object", value, place)
    return cast("dict[str, object]", value)


def as_list(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise _mismatch("a list", value, place)
    return cast("list[object]", value)


def as_list_or_none(value: object, place: str) -> list[object]:
    """A list; empty for null (Go's encoders) and for nothing (protobuf's encoders)."""
    return [] if value is None else as_list(value, place)


def as_text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _mismatch("text", value, place)
    return value


def as_flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise _mismatch("true or false", value, place)
    return value


def as_integer(value: object, place: str, *, low: int = 0, high: int = U64_MAX) -> int:
    number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if type(number) is not int or not low <= number <= high:
        raise _mismatch(f"an integer from {low} to {high}", value, place)
    return number


def as_texts(value: object, place: str) -> list[str]:
    """A list of strings."""
    values = as_list(value, place)
    if not set(map(type, values)) <= {str}:
        raise InputError(f"{place}: expected a list of nothing but text")
    return cast("list[str]", values)


def as_u64s(value: object, place: str) -> list[int]:
    """A list of integers in [0, 2^64)."""
    values = as_list(value, place)
    if not set(map(type, values)) <= {int}:
        if set(map(type, values)) <= {int, str}:
            return [as_integer(each, place) for each in values]
        raise InputError(f"{place}: expected a list of nothing but integers")
    integers = cast("list[int]", values)
    if integers and not (min(integers) >= 0 and max(integers) <= U64_MAX):
        raise InputError(f"{place}: expected integers from 0 to {U64_MAX}")
    return integers


def _mismatch(expected: str, value: object, place: str) -> InputError:
    return InputError(f"{place}: expected {expected}, found {shown(value)}")


def shown(value: object) -> str:
    """A value for an error message: its type, and its text if that is short."""
    if value is None:
        return "nothing"
    kind = _KINDS.get(type(value), type(value).__name__)
    if isinstance(value, dict | list):
        return kind
    text = repr(value) if isinstance(value, str) else str(value)
    if len(text) > _SHOWN_LEN_MAX:
        text = f"{text[:_SHOWN_LEN_MAX]}…"
    return f"{kind} ({text})"
