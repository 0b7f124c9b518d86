"""Securitization: notes on a pool of receivables, in tranches that are paid and lose by rank.

>>> from sealane.programs.library.securitization import securitization
>>> call = securitization.transfer_notes(
...     tranche="senior", source="ann_senior", destination="ben_senior", holder="ann", notes=5
... )
>>> [meta.writable for meta in call.accounts]
[False, True, True, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import deal as deal
from . import distribution as distribution
from . import notes as notes
from . import receivables as receivables
from .errors import SecuritizationError
from .events import Distributed, NotesTransferred
from .program import securitization
from .state import Deal, Holding, Ledger, Receivable, ReceivableStatus, Stage, Tranche

__all__ = [
    "Deal",
    "Distributed",
    "Holding",
    "Ledger",
    "NotesTransferred",
    "Receivable",
    "ReceivableStatus",
    "SecuritizationError",
    "Stage",
    "Tranche",
    "securitization",
]
