"""Plays the cases of dYdX v1, Mango v4 and GMX through the perpetuals program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sealane.testing import Vm

from ..perpetuals import cross, isolated
from ..rows import CannotPlay, Played, Row

_MODELS: Final[dict[str, Callable[[Vm, Row], Played]]] = {"mango_v4_init_health": cross.health}
_OPERATIONS: Final[dict[str, Callable[[Vm, Row], Played]]] = {
    "liquidate": isolated.take_over,
    "deleverage": isolated.take_over,
    "index": isolated.index,
    "settle": isolated.settle,
    "funding": isolated.funding,
    "set_funding_rate": isolated.set_funding_rate,
    "interest_rate": cross.interest_rate,
    "maint_weights": cross.maint_weights,
    "fee_basis_points": cross.fee_basis_points,
    "verify_final_balance": isolated.verify_final_balance,
}


def play(row: Row) -> Played:
    """Play a case in a chain of its own."""
    operation, model = row.inputs.get("op"), row.inputs.get("model")
    played = _OPERATIONS.get(str(operation)) or _MODELS.get(str(model))
    if played is None:
        raise CannotPlay(f"no such operation: {operation or model!r}")
    with Vm() as vm:
        return played(vm, row)
