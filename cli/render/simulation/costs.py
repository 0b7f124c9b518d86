"""Costs as text: whole where there is room for them."""

from __future__ import annotations

from typing import Final

from ..page import Page, count

WIDE: Final = 60  # columns, from which there is room for whole costs and small curves
_SUFFIXES: Final = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def cost(number: int, page: Page) -> str:
    """1,234,567; on a narrow terminal 1.23M."""
    if page.console.width < WIDE:
        for one, suffix in _SUFFIXES:
            if number >= one:
                return f"{number / one:.3g}{suffix}"
    return count(number)
