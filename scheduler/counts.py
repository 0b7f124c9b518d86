"""Counts that a caller gives: of lanes, of workers."""

from __future__ import annotations

from operator import index
from typing import SupportsIndex


def checked_count(count: object, what: str, least: str) -> int:
    """The count as an int, 1 or more. `least` says why. Raises TypeError and ValueError."""
    if isinstance(count, bool) or not isinstance(count, SupportsIndex):
        raise TypeError(f"{what}={count!r}: give an integer, not {type(count).__name__}")
    if index(count) < 1:
        raise ValueError(f"{what}={count}: {least}")
    return index(count)
