"""Uniswap v3: its maths by read-only instructions, its pools by all the others.

A row of the maths is played in a runtime, and so is a swap in a pool if all amounts fit u64, as
those of our tokens do. Else the positions and the swap are played by the functions that the
instructions call, which have no such bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sealane.programs.kit import InstructionSpec, Layout
from sealane.programs.library.clmm import AmountQuote, PriceQuote, StepQuote, TickQuote, clmm
from sealane.testing import Vm

from ....programs.library.clmm.reference_pools import (
    fits_tokens,
    play_by_functions,
    play_in_runtime,
    told_error,
)
from ..rows import CannotPlay, Played, Row, Way


class Quote(NamedTuple):
    """A read-only instruction for an op of the maths, and the row's names for what it has.

    `arguments`: the row's key for each argument. `figures`: where a figure is in what is returned.
    """

    instruction: InstructionSpec
    layout: type[Layout]
    arguments: Mapping[str, str]
    figures: Mapping[str, str]


def play(row: Row) -> Played:
    """Play a row of any `op` of the subject."""
    if row.inputs["op"] == "pool_swap":
        return _play_pool(row.inputs)
    quote = _QUOTES.get(row.inputs["op"])
    if quote is None:
        raise CannotPlay(f"the subject has no op {row.inputs['op']!r}")
    given = {name: _value(row.inputs[key]) for name, key in quote.arguments.items()}
    with Vm() as vm:
        receipt = vm.try_send(quote.instruction(**given))
    if receipt.error is not None:
        return Played({"error": told_error(receipt.error.name)})
    returned = quote.layout.decode(receipt.return_data or b"")
    return Played({key: getattr(returned, name) for key, name in quote.figures.items()})


def _value(written: bool | int | str) -> bool | int:
    return written if isinstance(written, bool) else int(written)


def _play_pool(given: Mapping[str, Any]) -> Played:
    outcome = play_by_functions(given)
    if fits_tokens(outcome):
        return Played(play_in_runtime(given).figures(), Way.RUNTIME)
    return Played(outcome.figures(), Way.FUNCTIONS)


_MOVE: Final = {
    "sqrt_price": "sqrt_price",
    "liquidity": "liquidity",
    "zero_for_one": "zero_for_one",
}
_BETWEEN: Final = {
    "sqrt_price_a": "sqrt_a",
    "sqrt_price_b": "sqrt_b",
    "liquidity": "liquidity",
    "round_up": "round_up",
}
_STEP: Final = {
    "sqrt_price": "sqrt_price",
    "target": "sqrt_target",
    "liquidity": "liquidity",
    "remaining": "amount_remaining",
    "fee_pips": "fee_pips",
}
_STEP_FIGURES: Final = {
    "sqrt_next": "sqrt_price",
    "amount_in": "amount_in",
    "amount_out": "amount_out",
    "fee": "fee",
}
_NEXT: Final = {"sqrt_next": "sqrt_price"}

_QUOTES: Final[Mapping[str, Quote]] = {
    "get_sqrt_ratio_at_tick": Quote(
        clmm.price_at_tick, PriceQuote, {"tick": "tick"}, {"sqrt_price_x96": "sqrt_price"}
    ),
    "get_tick_at_sqrt_ratio": Quote(
        clmm.tick_at_price, TickQuote, {"sqrt_price": "sqrt_price_x96"}, {"tick": "tick"}
    ),
    "next_sqrt_price_from_input": Quote(
        clmm.price_after_input, PriceQuote, {**_MOVE, "amount": "amount_in"}, _NEXT
    ),
    "next_sqrt_price_from_output": Quote(
        clmm.price_after_output, PriceQuote, {**_MOVE, "amount": "amount_out"}, _NEXT
    ),
    "amount0_delta": Quote(clmm.amount0_between, AmountQuote, _BETWEEN, {"amount0": "amount"}),
    "amount1_delta": Quote(clmm.amount1_between, AmountQuote, _BETWEEN, {"amount1": "amount"}),
    "compute_swap_step": Quote(clmm.quote_step, StepQuote, _STEP, _STEP_FIGURES),
}
