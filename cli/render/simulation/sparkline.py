"""A row of figures as one word of bars, an eighth of a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_HEIGHTS: Final = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], largest: float) -> str:
    """A bar for each value, none higher than a line, which stands for `largest`."""
    return "".join(_bar(value / largest if largest else 0.0) for value in values)


def _bar(share: float) -> str:
    eighths = min(len(_HEIGHTS), max(1, round(share * len(_HEIGHTS))))
    return _HEIGHTS[eighths - 1]
