"""The constants of those who choose from a pool, with their sources.

Compute units are counted as a block's costs are. A block in another unit, or a small one, never
comes near the limits, and then they change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# SIMD-0256, and MAX_BLOCK_UNITS in agave 4.3 (cost-model/src/block_cost_limits.rs).
BLOCK_COST_MAX: Final = 60_000_000
# SIMD-0306: 40 % of the block; MAX_WRITABLE_ACCOUNT_UNITS in agave 4.3.
ACCOUNT_COST_MAX: Final = 24_000_000
# TARGET_NUM_TRANSACTIONS_PER_BATCH in agave (core/src/banking_stage/consumer.rs).
BATCH_LEN_MAX: Final = 64
# A thread set is one 64-bit word in agave (thread_aware_account_locks.rs).
THREADS_MAX: Final = 64
# FD_PACK_MAX_EXECLE_TILES in firedancer (src/disco/pack/fd_pack.h).
BANK_TILES_MAX: Final = 62
# PENALTY_TREAP_THRESHOLD in firedancer (src/disco/pack/fd_pack.c).
PENALTY_FREE_REFERENCES: Final = 64


@dataclass(frozen=True)
class GreedyLimits:
    """`queued_cost`: what is sent to all threads together and has not come back.

    Source: anza-xyz/agave@abf4747e, greedy_scheduler.rs. There the first is a quarter of the block:
    12.5 million when a block had 50.
    """

    queued_cost: int = BLOCK_COST_MAX // 4
    scanned_max: int = 100_000
    batch_len_max: int = BATCH_LEN_MAX


@dataclass(frozen=True)
class PrioGraphLimits:
    """`window`: how many transactions a graph looks ahead; `queued_cost` as of GreedyLimits.

    Source: anza-xyz/agave@13d46bbb, prio_graph_scheduler.rs. There the window is filled by 128 at
    a time, for a filter that is not modelled.
    """

    queued_cost: int = BLOCK_COST_MAX
    scheduled_max: int = 100_000
    window: int = 2048
    batch_len_max: int = BATCH_LEN_MAX


@dataclass(frozen=True)
class PackLimits:
    """Source: firedancer-io/firedancer@178b48fe, src/disco/pack/. One transaction a microblock is
    what SMALL_MICROBLOCKS=1 sets there.
    """

    block_cost: int = BLOCK_COST_MAX
    account_cost: int = ACCOUNT_COST_MAX
    microblock_len_max: int = 1
    penalty_free_references: int = PENALTY_FREE_REFERENCES
