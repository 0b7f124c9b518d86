"""Compares what came of a row with what it expects: every figure, errors too.

Two numbers are equal if they differ by no more than the row allows; without a tolerance, exactly.
An integer, a string of digits and a fraction of the same value are equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, cast

from .rows import Played, Row

# What stands among the expectations, but is no figure.
NOT_FIGURES: Final = frozenset(
    {"note", "rounding", "tolerance", "tolerance_pct", "tolerance_1e18", "units"}
)

_ABSENT: Final = object()


def mismatches(row: Row, played: Played) -> list[str]:
    """A line for each figure that is not as expected; none if all are."""
    found = played.figures.get("error")
    if found is not None and "error" not in row.expect:
        return [f"failed with {found!r}, which was not expected"]
    return list(_differences("", row.expect, played.figures, played.tolerances))


def _differences(
    path: str, expected: Any, found: Any, tolerances: Mapping[str, Any]
) -> Iterator[str]:
    pairs = _pairs(path, expected, found)
    if pairs is not None:
        for inner, value, other in pairs:
            yield from _differences(inner, value, other, tolerances)
    elif isinstance(expected, dict | list) or not _equal(path, expected, found, tolerances):
        shown = "none" if found is _ABSENT else _shown(found)
        yield f"{path or 'the outcome'}: expected {expected!r}, found {shown}"


def _pairs(path: str, expected: Any, found: Any) -> list[tuple[str, Any, Any]] | None:
    """The parts of two mappings or lists beside each other; None if they are neither."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        wanted, held = cast("dict[str, Any]", expected), cast("dict[str, Any]", found)
        return [
            (f"{path}.{key}" if path else key, value, held.get(key, _ABSENT))
            for key, value in wanted.items()
            if key not in NOT_FIGURES
        ]
    if isinstance(expected, list) and isinstance(found, list | tuple):
        parts, others = cast("list[Any]", expected), cast("list[Any]", found)
        if len(parts) == len(others):
            return [
                (f"{path}[{k}]", *pair) for k, pair in enumerate(zip(parts, others, strict=True))
            ]
    return None


def _equal(path: str, expected: Any, found: Any, tolerances: Mapping[str, Any]) -> bool:
    if path.rpartition(".")[2] == "error" and expected is True:
        return found is not None and found is not _ABSENT
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    wanted, held = _number(expected), _number(found)
    if wanted is None or held is None:
        return expected == found
    tolerance = tolerances.get(path, tolerances.get(path.rpartition(".")[2], 0))
    return abs(wanted - held) <= Fraction(tolerance)


def _number(value: Any) -> Fraction | None:
    if not isinstance(value, int | str | float | Fraction):
        return None
    try:
        # As it is written: 0.1 is a tenth, not the nearest double.
        return Fraction(repr(value) if isinstance(value, float) else value)
    except ValueError:
        return None


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, Fraction) else repr(value)
