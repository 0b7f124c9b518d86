"""Validates values of a document: integers, names, bytes, mappings with known keys.

Each function takes a plain value and returns it with the required type, or raises a ValidationError
that says what was found and what to write instead. Pointers are added while the error passes
through callers, so valid input builds none.
"""

from __future__ import annotations

import difflib
import itertools
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar, cast

from ...primitives.integers import U64_MAX
from ...primitives.literals import (
    LiteralError,
    read_base64,
    read_hex,
    read_integer,
    read_zeros,
)
from .document import ValidationError, Value, shown

S = TypeVar("S")
T = TypeVar("T")

NAME_LEN_MAX: Final = 200
ACCOUNT_DATA_LEN_MAX: Final = 10 << 20  # MAX_PERMITTED_DATA_LENGTH of solana-system-interface
_SUGGESTED_FROM_MAX: Final = 5_000  # difflib compares with every candidate


def at(key: str | int, read: Callable[[S], T], value: S) -> T:
    """Read a part, adding `key` to the pointer of a ValidationError."""
    try:
        return read(value)
    except ValidationError as invalid:
        raise invalid.under(key) from None


def field(fields: Mapping[str, Value], key: str, read: Callable[[Value], T], default: T) -> T:
    """Read the field `key`; the default if it is absent."""
    if key not in fields:
        return default
    return at(key, read, fields[key])


def each(read: Callable[[Value], T], value: Value) -> tuple[T, ...]:
    """Read every item of a list."""
    return tuple([at(position, read, item) for position, item in enumerate(sequence(value))])


def mapping(
    value: Value, known: Collection[str], required: Collection[str] = ()
) -> dict[str, Value]:
    """A mapping with known keys only."""
    fields = any_mapping(value)
    for key in fields:
        if key not in known:
            raise ValidationError(f"unknown key '{shown(key)}'{suggestion(key, known)}", key)
    for key in required:
        if key not in fields:
            raise ValidationError(f"the key '{key}' is missing; add it")
    return fields


def any_mapping(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise ValidationError(
            f"expected a mapping, found {described(value)}; write `key: value` pairs"
        )
    return value


def sequence(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise ValidationError(f"expected a list, found {described(value)}; write it as a list")
    return value


def integer(value: Value) -> int:
    """An integer in u64 range: plain, or a string of digits (`_` between them)."""
    return integer_within(value, 0, U64_MAX)


def integer_within(value: Value, minimum: int, maximum: int) -> int:
    if type(value) is not int:
        value = _integer_of_digits(value)
    if not minimum <= value <= maximum:
        raise ValidationError(f"{value:,} is out of range; use {minimum:,} to {maximum:,}")
    return value


def _integer_of_digits(value: Value) -> int:
    if not isinstance(value, str):
        raise ValidationError(f"expected an integer, found {described(value)}; write plain digits")
    try:
        return read_integer(value)
    except LiteralError as error:
        raise ValidationError(f"expected an integer, found '{shown(value)}'; {error}") from None


def boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(
            f"expected true or false, found {described(value)}; write `true` or `false`"
        )
    return value


def text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValidationError(
            f"expected text, found {described(value)}; put it in quotes if it is text"
        )
    return value


def name(value: Value) -> str:
    """The name of an account, program or transaction: a single line of limited length."""
    word = text(value)
    if not word or len(word) > NAME_LEN_MAX or not word.isprintable():
        raise ValidationError(
            f"'{shown(word)}' is no name; a name has 1 to {NAME_LEN_MAX} printable characters"
        )
    return word


def normalized(word: str) -> str:
    """The Unicode normalisation of a word, equal for all its equivalent spellings."""
    return word if word.isascii() else unicodedata.normalize("NFKC", word)


def alike(word: str, first: str) -> ValidationError:
    """The error for two names that differ only by Unicode normalisation, and so look alike."""
    spelled = " and ".join(ascii(each) for each in (first, word))
    return ValidationError(
        f"'{shown(first)}' and '{shown(word)}' are one name to Unicode, spelled {spelled}; "
        "write it one way"
    )


def dotted(value: Value) -> tuple[str, str]:
    """`program.thing`, in two parts."""
    word = name(value)
    program, _, thing = word.rpartition(".")
    if not (program and thing):
        raise ValidationError(f"'{shown(word)}' names no program; write `program.{shown(word)}`")
    return program, thing


def _zeros(digits: str) -> bytes:
    return read_zeros(digits, ACCOUNT_DATA_LEN_MAX)


_READ_BYTES: Final = {"hex": read_hex, "base64": read_base64, "zeros": _zeros}
# How text that stands for bytes begins.
BYTES_PREFIXES: Final = tuple(f"{encoding}:" for encoding in _READ_BYTES)


def raw_bytes(value: Value) -> bytes:
    """Bytes written `hex:…` or `base64:…`, or so many zeros: `zeros:8`."""
    word = text(value)
    encoding, _, digits = word.partition(":")
    read = _READ_BYTES.get(encoding)
    if read is None:
        raise ValidationError(
            f'\'{shown(word)}\' is no data; write "hex:…", "base64:…" or "zeros:8"'
        )
    try:
        raw = read(digits)
    except LiteralError as error:
        raise ValidationError(f"'{shown(word)}' is not {encoding}; {error}") from None
    if len(raw) > ACCOUNT_DATA_LEN_MAX:
        raise ValidationError(
            f"{len(raw):,} bytes of data, {ACCOUNT_DATA_LEN_MAX:,} at most; shorten it"
        )
    return raw


def suggestion(word: str, known: Collection[str]) -> str:
    """`; did you mean 'payer'?`, or all candidates if none is close."""
    candidates = list(itertools.islice(known, _SUGGESTED_FROM_MAX))
    near = difflib.get_close_matches(shown(word), candidates, n=1, cutoff=0.5)
    if near:
        return f"; did you mean '{shown(near[0])}'?"
    choice = ", ".join(shown(candidate) for candidate in candidates[:12])
    return f"; known here: {choice}{', …' if len(known) > 12 else ''}"


def described(value: Value) -> str:
    """The description of a value for the `found` part of a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text '{shown(value)}'"
    return shown(str(cast("object", value)).lower() if isinstance(value, bool) else str(value))
