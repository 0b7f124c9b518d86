"""Automated market makers: pools of two tokens, traded at the price that a formula gives.

Two kinds: constant-product pools with all of Uniswap v2's pairs and router, by fee tier, and pools
on the curves of SPL token-swap with its four fees. All move tokens of the token program.

    >>> from sealane.programs.library.amm import amm, authority_of, hop
    >>> call = amm.swap_exact_in(
    ...     pool="sol_usdc", authority=authority_of("sol_usdc"), vault_in="sol", vault_out="usdc",
    ...     source="ann_sol", destination="ann_usdc", owner="ann", amount_in=5, amount_out_min=1)
    >>> [meta.writable for meta in call.accounts]
    [True, False, True, True, True, True, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import exchange as exchange
from .authority import authority_of
from .curves import collecting as collecting
from .curves import deposits as deposits
from .curves import quotes as curve_quotes
from .curves import swaps as curve_swaps
from .curves import withdrawals as withdrawals
from .curves.curve import CurveKind
from .curves.pools import FeeTable
from .errors import AmmError
from .events import Deposited, FeesCollected, Swapped, Withdrawn
from .pairs import flash as flash
from .pairs import liquidity as liquidity
from .pairs import pools as pools
from .pairs import quotes as quotes
from .pairs.hops import hop
from .program import AMM_ID, amm
from .state import CurvePool, Exchange, FeeTier, HostFees, Pool

del curve_quotes, curve_swaps  # only imported to be declared

__all__ = [
    "AMM_ID",
    "AmmError",
    "CurveKind",
    "CurvePool",
    "Deposited",
    "Exchange",
    "FeeTable",
    "FeeTier",
    "FeesCollected",
    "HostFees",
    "Pool",
    "Swapped",
    "Withdrawn",
    "amm",
    "authority_of",
    "hop",
]
