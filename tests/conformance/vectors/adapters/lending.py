"""Plays the cases of Compound, SPL token-lending and Solend through the lending program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sealane.testing import Vm

from ..lending import liquidation, liquidity, quotes
from ..rows import CannotPlay, Played, Row

_OPERATIONS: Final[dict[str, Callable[[Vm, Row], Played]]] = {
    "borrow_rate": quotes.borrow_rate,
    "calculate_borrow_fees": quotes.fees,
    "calculate_flash_loan_fees": quotes.fees,
    "protocol_liquidation_fee": quotes.protocol_fee,
    "liquidate_calculate_seize_tokens": quotes.seized,
    "seize": lambda vm, row: (liquidation.refusal if "condition" in row.inputs else quotes.split)(
        vm, row
    ),
    "hypothetical_liquidity": liquidity.hypothetical,
    "calculate_bonus": liquidation.bonus,
    "calculate_liquidation": liquidation.amounts,
    "liquidate": liquidation.refusal,
}


def play(row: Row) -> Played:
    """Play a case in a chain of its own."""
    operation = _OPERATIONS.get(str(row.inputs.get("op")))
    if operation is None:
        raise CannotPlay(f"no such operation: {row.inputs.get('op')!r}")
    with Vm() as vm:
        return operation(vm, row)
