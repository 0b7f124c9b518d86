"""Constant-product pools with all that Uniswap v2's pairs, library and router do."""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import flash as flash
from . import hops as hops
from . import liquidity as liquidity
from . import pools as pools
from . import quotes as quotes
from . import swaps as swaps
