"""The lending program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from ...kit import Program
from .errors import LendingError
from .events import Borrowed, FlashLent, Liquidated, WrittenOff
from .state import (
    Market,
    MarketConfig,
    Obligation,
    Position,
    Reserve,
    ReserveConfig,
    Standing,
    Totals,
)

lending = Program(
    "lending",
    errors=LendingError,
    layouts=[
        Market,
        MarketConfig,
        Reserve,
        ReserveConfig,
        Totals,
        Obligation,
        Position,
        Standing,
        Borrowed,
        Liquidated,
        WrittenOff,
        FlashLent,
    ],
    about="markets for loans: supply, borrow against collateral, repay, liquidate, flash loans",
    trusted=True,
)
