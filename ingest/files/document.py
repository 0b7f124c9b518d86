"""Parsed documents: plain values, and the line of each part.

A reader (YAML, JSON) turns text into events. `build` makes values of them; `locate` finds the line
of a part later, if an error has to name it. Values therefore carry no positions.
Guarantees: keys are text and unique, nesting is bounded, nothing here recurses.
Does not: know what a fixture is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from ...primitives import InputError
from ...primitives.literals import INTEGER_DIGITS_MAX

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
Pointer: TypeAlias = tuple[str | int, ...]

DEPTH_MAX: Final = 64
SHOWN_LEN_MAX: Final = 60
# The only fields that take a fractional number. Nothing on chain is one.
FLOAT_PLACES: Final[frozenset[Pointer]] = frozenset({("generate", "zipf")})


class EventType(Enum):
    """The kind of an event: container opened or closed, key, value, text of a number."""

    MAPPING = auto()
    SEQUENCE = auto()
    END = auto()
    KEY = auto()
    VALUE = auto()
    FLOAT = auto()


Event: TypeAlias = tuple[EventType, "Value", int]  # its type, its text or value, line (1-based)


class ValidationError(InputError):
    """An invalid value and its position in the document.

    Raised with an empty pointer; each caller adds its key as the error passes through.
    """

    def __init__(self, message: str, *pointer: str | int) -> None:
        super().__init__(message)
        self.pointer: Pointer = pointer

    def under(self, *outer: str | int) -> ValidationError:
        self.pointer = (*outer, *self.pointer)
        return self

    def __str__(self) -> str:
        return f"{pointer_text(self.pointer)}: {self.message}" if self.pointer else self.message


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file. `locate` returns the line of a part, or of its nearest existing parent."""

    path: str
    value: Value
    locate: Callable[[Pointer], int | None]

    def fault(self, invalid: ValidationError) -> InputError:
        """The InputError for `error`, with file, line and position."""
        return InputError(str(invalid), path=self.path, line=self.locate(invalid.pointer))


def pointer_text(pointer: Pointer) -> str:
    """`transactions[3].instructions[0].amount`"""
    parts = [f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in pointer]
    return "".join(parts).removeprefix(".")


def shown(text: str) -> str:
    """Text for a message: shortened, control characters escaped."""
    cut = text if len(text) <= SHOWN_LEN_MAX else text[: SHOWN_LEN_MAX - 1] + "…"
    return cut if cut.isprintable() else cut.encode("unicode_escape").decode("ascii")


def build(events: Iterable[Event], path: str) -> Value:
    """Build a value from events. Raises InputError for duplicate keys, depth and floats."""
    root: list[Value] = []
    stack: list[list[Value] | dict[str, Value]] = [root]
    keys: list[str] = []  # the pending key of each mapping on the stack
    for token, value, line in events:
        if token is EventType.END:
            if isinstance(stack.pop(), dict):
                keys.pop()
            continue
        inner = stack[-1]
        if token is EventType.KEY:
            keys[-1] = str(value)
            if keys[-1] in inner:
                raise _duplicate(keys[-1], path, line)
            continue
        if token is EventType.FLOAT:
            place = tuple(keys) if len(stack) == len(keys) + 1 else ()
            value = _decimal(str(value), place, path, line)
        elif token is EventType.MAPPING:
            value = {}
        elif token is EventType.SEQUENCE:
            value = []
        if isinstance(inner, dict):
            inner[keys[-1]] = value
        else:
            inner.append(value)
        if isinstance(value, dict | list):
            if len(stack) > DEPTH_MAX:
                raise too_deep(path, line)
            stack.append(value)
            if isinstance(value, dict):
                keys.append("")
    return root[0] if root else None


def locate(events: Iterable[Event], pointer: Pointer) -> int | None:
    """The line of the part at `pointer`, or of its deepest existing parent."""
    path: list[str | int] = []
    best: int | None = None
    best_depth = -1
    for token, value, line in events:
        if best is None:
            best, best_depth = line, 0
        if token is EventType.END:
            path.pop()
            continue
        if token is EventType.KEY:
            path[-1] = str(value)
        elif path and isinstance(path[-1], int):
            path[-1] += 1
        depth = len(path)
        if best_depth < depth <= len(pointer) and tuple(path) == pointer[:depth]:
            best, best_depth = line, depth
        if best_depth == len(pointer):
            break
        if token is EventType.MAPPING:
            path.append("")
        elif token is EventType.SEQUENCE:
            path.append(-1)
    return best


def _duplicate(key: str, path: str, line: int) -> InputError:
    return InputError(
        f"the key '{shown(key)}' appears twice in one mapping; remove or rename one",
        path=path,
        line=line,
    )


def too_deep(path: str, line: int | None) -> InputError:
    return InputError(
        f"nested more than {DEPTH_MAX} deep; no fixture needs that, flatten it",
        path=path,
        line=line,
    )


def too_many_values(path: str, values_max: int, line: int | None = None) -> InputError:
    return InputError(
        f"more than {values_max:,} values in the file, which would not fit into memory; "
        "split it, or write it as JSONL, one transaction a line",
        path=path,
        line=line,
    )


def too_many_digits(path: str, line: int | None, digits: int) -> InputError:
    return InputError(
        f"an integer of {digits:,} digits, {INTEGER_DIGITS_MAX} at most; write a smaller one",
        path=path,
        line=line,
    )


def _decimal(text: str, place: Pointer, path: str, line: int) -> float:
    """Read a plain decimal where one is allowed: no exponent, NaN or infinity."""
    plain = text.replace(".", "", 1).isdecimal() and len(text) <= INTEGER_DIGITS_MAX
    if place not in FLOAT_PLACES or not plain:
        raise InputError(
            f"'{shown(text)}' is a floating-point number, and amounts are exact; "
            "write an integer, or quote it if it is text",
            path=path,
            line=line,
        )
    return float(text)
