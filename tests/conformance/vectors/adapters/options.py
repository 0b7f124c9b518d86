"""Plays the cases of Opyn Gamma's margin calculator through the options program.

All by quotes in a runtime; where amounts exceed 64 bits, by the functions that the quotes call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sealane.primitives import ProgramFailure
from sealane.testing import Vm

from ..options import margins, payouts, vaults
from ..options.references import reference_name
from ..rows import CannotPlay, Played, Row, Way

_OPERATIONS: Final[dict[str, Callable[[Vm, Row], Played]]] = {
    "excess_collateral": vaults.quoted,
    "expired_cash_value": payouts.quoted,
    "expired_payout_rate": payouts.quoted,
    "naked_margin_required": margins.quoted,
}


def play(row: Row) -> Played:
    """Play a case in a chain of its own."""
    operation = str(row.inputs.get("op", "excess_collateral"))
    played = _OPERATIONS.get(operation)
    if played is None:
        raise CannotPlay(f"no such operation: {operation!r}")
    if operation == "excess_collateral" and vaults.is_wide(row):
        try:
            return vaults.computed(row)
        except ProgramFailure as failure:
            return Played({"error": reference_name(failure)}, Way.FUNCTIONS)
    with Vm() as vm:
        return played(vm, row)
