"""Perpetual futures: isolated accounts after dYdX v1, cross margin after Mango v4, fees after GMX.

See docs/programs/perpetuals.md.

    >>> from sealane.programs.library.perpetuals import perpetuals
    >>> call = perpetuals.set_operator(trader="ann_btc", owner="ann", operator="desk")
    >>> call.data.hex(), [meta.signer for meta in call.accounts]
    ('03', [False, True, False])
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from ..units import WAD
from . import accounts as accounts
from . import batch_handlers as batch_handlers
from . import funding as funding
from . import margin as margin
from . import trading as trading
from .cross import banks as banks
from .cross import collateral as collateral
from .cross import debts as debts
from .cross import losses as losses
from .cross import markets as markets
from .cross import orders as orders
from .cross import quotes as quotes
from .cross.state import Bank, BankParams, BankTotals, HealthKind, MarginAccount
from .errors import PerpetualsError
from .program import perpetuals
from .state import NOBODY, Market, MarketParams, Totals, Trader
from .unwinding import deleveraging as deleveraging
from .unwinding import final_settlement as final_settlement
from .unwinding import insurance as insurance
from .unwinding import liquidation as liquidation

__all__ = [
    "NOBODY",
    "WAD",
    "Bank",
    "BankParams",
    "BankTotals",
    "HealthKind",
    "MarginAccount",
    "Market",
    "MarketParams",
    "PerpetualsError",
    "Totals",
    "Trader",
    "perpetuals",
]
