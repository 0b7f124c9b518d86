"""Declared against touched: what a block's transactions lock too little of, and what too much.

Give `lint` what `sealane.load` returns; it answers with findings, accounts and a total. A fixture
is executed, and whatever is found is tried out: a lock is unneeded if the transaction does exactly
the same without it. Of a recorded block it is said what its balances and instructions prove, and
how many writes they say nothing about. Each finding is priced by the difference of two plans,
before and after mending it.
"""

from .finding import Finding, Kind, Mend, Unknown
from .lint import lint
from .result import Lint, LintedAccount, Saved

__all__ = ["Finding", "Kind", "Lint", "LintedAccount", "Mend", "Saved", "Unknown", "lint"]
