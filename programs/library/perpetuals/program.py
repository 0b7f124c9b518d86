"""The perpetuals program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .cross.state import Bank, BankTotals, MarginAccount
from .errors import PerpetualsError
from .state import Market, Totals, Trader

_COMPUTE_UNITS: Final = 5_000  # an estimate, alike for all instructions

perpetuals = Program(
    "perpetuals",
    errors=PerpetualsError,
    layouts=[Market, Trader, Totals, Bank, BankTotals, MarginAccount],
    compute_units=_COMPUTE_UNITS,
    about="perpetual futures: margin accounts, funding, liquidation, insurance, cross margin",
    trusted=True,
)
