"""Rows of the order book: tests of OpenBook v2, and of Phoenix v1's matching engine.

Both are played on markets of our program, of the rules that the row's model names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sealane.testing import Vm

from ..orderbook import openbook, phoenix
from ..rows import CannotPlay, Played, Row

_MODELS: Final[dict[str, Callable[[Row, Vm], Played]]] = {
    "openbook_v2": openbook.play,
    "phoenix_v1": phoenix.play,
}


def play(row: Row) -> Played:
    """Play the row's steps on a new market, and read its figures after those that name some."""
    model = row.inputs["model"]
    if model not in _MODELS:
        raise CannotPlay(f"there is no model {model!r}")
    with Vm() as vm:
        return _MODELS[model](row, vm)
