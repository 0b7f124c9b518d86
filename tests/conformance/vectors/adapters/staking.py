"""Plays the rows of MasterChef's, StakingRewards' and stake-pool's suites through the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..rows import CannotPlay, Played, Row
from ..staking import farming, pooling, streaming

_BY_MODEL: Final[dict[str, Callable[[Row], Played]]] = {
    "masterchef": farming.play,
    "masterchef_pancake": farming.play,
    "synthetix": streaming.play,
    "spl_stake_pool": pooling.play,
}


def play(row: Row) -> Played:
    """By its `model`."""
    model: Any = row.inputs.get("model")
    if model not in _BY_MODEL:
        raise CannotPlay(f"the model {model!r} is not known")
    return _BY_MODEL[model](row)
