"""Plays the rows of Maker's and Liquity's suites through the stablecoin program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..rows import CannotPlay, Played, Row
from ..stablecoin import bids, debts, gates, rates, redemptions, sales, savings

_BY_OP: Final[dict[str, Callable[[Row], Played]]] = {
    "minutes_passed": redemptions.minutes_passed,
    "dec_pow": redemptions.power,
    "decay_base_rate": redemptions.decay,
    "dai_exit": gates.coins_out,
    "dai_exit_join": gates.coins_out,
    "dai_join": gates.coins_out,
    "fork": debts.fork,
    "drip": rates.drip,
    "drip_sequence": rates.drip,
    "fold": rates.fold,
    "rpow": rates.power,
    "file_duty": rates.set_fee,
    "savings": savings.save,
    "join": savings.join,
    "file_dsr": savings.set_rate,
    "frob": debts.change,
    "bite": bids.play,
    **dict.fromkeys(("kick", "bark", "take", "redo", "yank"), sales.play),
}
_BY_MODEL: Final[dict[str, Callable[[Row], Played]]] = {
    "maker_vat": debts.change,
    "maker_clipper": sales.play,
    "maker_dog": sales.play,
    "maker_cat": bids.play,
    "maker_jug": rates.drip,
    "maker_pot": savings.save,
}


def play(row: Row) -> Played:
    """By its `op`, else by its `model`."""
    op: Any = row.inputs.get("op")
    model: Any = row.inputs.get("model")
    player = _BY_OP.get(op) or _BY_MODEL.get(model)
    if player is None:
        raise CannotPlay(f"neither the op {op!r} nor the model {model!r} is known")
    return player(row)
