"""Plays rows of Uniswap v2 and of SPL token-swap's curves through the program `amm`.

Rows whose amounts fit into 64 bits are played in a runtime. Tokens of 18 decimals often do not fit;
those rows are played by the functions that the instructions call on a pool's books.
"""

from __future__ import annotations

from ..amm import curve_rows, pair_rows
from ..amm.errors import Refused, reference_name
from ..amm.inputs import U64_MAX, integers_in
from ..rows import CannotPlay, Played, Row, Way


def play(row: Row) -> Played:
    """Raises CannotPlay for an operation that is not known."""
    if "curve" in row.inputs:
        return curve_rows.play(row)
    operation = pair_rows.OPERATIONS.get(str(row.inputs["op"]))
    if operation is None:
        raise CannotPlay(f"no operation {row.inputs['op']!r}")
    wide = max(integers_in(row.inputs), default=0) > U64_MAX
    for way in (Way.FUNCTIONS,) if wide else (Way.RUNTIME, Way.FUNCTIONS):
        try:
            return Played(operation(row.inputs, pair_rows.PAIRS[way]()), way)
        except Refused as refusal:
            if not refusal.too_wide:
                return Played({"error": reference_name(row.inputs["op"], refusal)}, way)
    raise CannotPlay("an amount fits nowhere")
