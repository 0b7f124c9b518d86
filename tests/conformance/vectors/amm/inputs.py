"""Reading a row's inputs: integers may be strings, and figures have more than one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

U64_MAX: Final = (1 << 64) - 1


def integers_in(value: Any) -> Iterator[int]:
    """All integers, however deeply nested."""
    if isinstance(value, Mapping):
        for inner in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from integers_in(inner)
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from integers_in(inner)
    elif isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
        yield int(value)


def number(inputs: Mapping[str, Any], *names: str, default: int | None = None) -> int:
    """The integer of the first of these names that is there."""
    for name in names:
        if name in inputs:
            return int(inputs[name])
    if default is None:
        raise KeyError(f"none of {', '.join(names)} in {dict(inputs)}")
    return default


def numbers(values: Any) -> list[int]:
    """A list of integers, flattened."""
    return list(integers_in(values))
