"""Bars of block characters, an eighth of a column fine."""

from __future__ import annotations

from typing import Final

_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_FULL: Final = "█"


def bar(value: float, largest: float, room: int) -> str:
    """A bar that takes `room` columns for `largest`; whatever is not zero is seen."""
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(value / largest * room * 8))
    full, rest = divmod(eighths, 8)
    return _FULL * full + (_EIGHTHS[rest] if rest else "")
