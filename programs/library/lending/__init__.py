"""Lending: markets in which tokens are supplied, borrowed against collateral, and liquidated.

Rates and liquidation by incentive are Compound's; fees and liquidation by bonus are Solend's.

    >>> from sealane.programs.library.lending import lending
    >>> call = lending.repay(
    ...     reserve="usdc_reserve", totals="usdc_totals", position="ann_usdc", source="ann_tokens",
    ...     vault="usdc_vault", payer="ann", amount=5,
    ... )
    >>> [meta.writable for meta in call.accounts]
    [False, True, True, True, True, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import instructions as instructions
from .errors import LendingError
from .events import Borrowed, FlashLent, Liquidated, WrittenOff
from .instructions.flash_loan import handing_on
from .program import lending
from .state import (
    LENDING_ID,
    LiquidationRule,
    Market,
    MarketConfig,
    Obligation,
    Position,
    RateKind,
    RateModel,
    Reserve,
    ReserveConfig,
    Standing,
    Totals,
)

__all__ = [
    "LENDING_ID",
    "Borrowed",
    "FlashLent",
    "LendingError",
    "Liquidated",
    "LiquidationRule",
    "Market",
    "MarketConfig",
    "Obligation",
    "Position",
    "RateKind",
    "RateModel",
    "Reserve",
    "ReserveConfig",
    "Standing",
    "Totals",
    "WrittenOff",
    "handing_on",
    "lending",
]
