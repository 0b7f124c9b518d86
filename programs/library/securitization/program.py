"""The securitization program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .errors import SecuritizationError
from .state import Deal, Holding, Ledger, Receivable, Tranche

_COMPUTE_UNITS: Final = 3_000  # an estimate, without the transfers

securitization = Program(
    "securitization",
    errors=SecuritizationError,
    layouts=[Deal, Ledger, Tranche, Holding, Receivable],
    compute_units=_COMPUTE_UNITS,
    about="notes on a pool of receivables, in tranches that are paid and lose by rank",
    trusted=True,
)
