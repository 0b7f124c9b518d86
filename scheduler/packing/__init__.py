"""Which of those that wait go into a block, and in which order: Solana's limits and cost model.

    what a transaction asks for ──▶ cost_of ──▶ costs ─┐
    who pays how much           ──▶ priority_of ───────┼──▶ Pending ──▶ pack ──▶ Packed
    which accounts              ──▶ AccessLists ───────┘                 ▲
                                                                   BlockLimits

Guarantees: pure and deterministic; what `pack` chooses exceeds no limit, and `first_excess` finds
the first that does in anybody's block. Does not: decode or execute anything.
"""

from .block_costs import BlockCosts, Excess, Item, Limit, Use, first_excess
from .block_limits import (
    AGAVE_4_3,
    BEFORE_0207,
    LIMITS_BY_SIMD,
    SIMD_0207,
    SIMD_0256,
    SIMD_0286,
    SIMD_0306,
    SLOT_MS,
    BlockLimits,
)
from .cost_model import CostRules, Demand, TransactionCost, cost_of
from .fitting import LookAhead
from .packing import Packed, pack
from .pending import Pending
from .policies import Policy
from .priority import priority_of

__all__ = [
    "AGAVE_4_3",
    "BEFORE_0207",
    "LIMITS_BY_SIMD",
    "SIMD_0207",
    "SIMD_0256",
    "SIMD_0286",
    "SIMD_0306",
    "SLOT_MS",
    "BlockCosts",
    "BlockLimits",
    "CostRules",
    "Demand",
    "Excess",
    "Item",
    "Limit",
    "LookAhead",
    "Packed",
    "Pending",
    "Policy",
    "TransactionCost",
    "Use",
    "cost_of",
    "first_excess",
    "pack",
    "priority_of",
]
