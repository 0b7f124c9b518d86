"""Rows of JoinTest in vat.t.sol: amounts of tokens beyond u64, so the instructions' functions."""

from __future__ import annotations

from sealane.programs.library.stablecoin.gates import coins_left, coins_of

from ..rows import Played, Row, Way
from .bank import given, integer


def coins_out(row: Row) -> Played:
    """Coins taken out as tokens of 18 decimals, and brought in again."""
    coins = given(row.inputs, "vat_dai", 0)
    out, back = given(row.inputs, "exit", 0), given(row.inputs, "join", 0)
    token = given(row.inputs, "token", 0) + out - back
    left = coins_left(coins, integer(out), scale=1) + coins_of(back, scale=1)
    return Played({"token": token, "vat_dai": left, "ok": True}, Way.FUNCTIONS)
