"""Options after Opyn Gamma: covered, spread and naked, settled in cash.

See docs/programs/options.md.

    >>> from sealane.programs.library.options import options
    >>> call = options.open_vault(product="puts", vault="ann_puts", writer="ann", margined=False)
    >>> call.data.hex(), [meta.writable for meta in call.accounts]
    ('0400', [False, True, False])
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import liquidation as liquidation
from . import products as products
from . import settlement as settlement
from . import spreads as spreads
from . import stock as stock
from . import vaults as vaults
from . import writing as writing
from .errors import OptionsError
from .program import options
from .quotes import PayoutQuote, VaultPlan, VaultQuote
from .state import BOUNDS_MAX, NOBODY, Expiry, MarginParams, Product, Series, Vault

__all__ = [
    "BOUNDS_MAX",
    "NOBODY",
    "Expiry",
    "MarginParams",
    "OptionsError",
    "PayoutQuote",
    "Product",
    "Series",
    "Vault",
    "VaultPlan",
    "VaultQuote",
    "options",
]
