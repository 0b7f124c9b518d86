"""Bars of block characters, with a resolution of an eighth of a column."""

from __future__ import annotations

from typing import Final

_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_FULL: Final = "█"


def bar(value: float, largest: float, room: int) -> str:
    """A bar scaled so that `largest` takes `room` columns; any nonzero value is visible."""
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(value / largest * room * 8))
    full, rest = divmod(eighths, 8)
    return _FULL * full + (_EIGHTHS[rest] if rest else "")
