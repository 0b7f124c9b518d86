"""How much may be in a block: Solana's limits, each set named by the proposal that brought it.

    set           block        per account   votes        proposal
    BEFORE_0207    48,000,000   12,000,000   36,000,000
    SIMD_0207      50,000,000   12,000,000   36,000,000   accepted
    SIMD_0256      60,000,000   12,000,000   36,000,000   accepted
    SIMD_0306      60,000,000   24,000,000   36,000,000   40 % of the block; agave 4.3 has both
    SIMD_0286     100,000,000   40,000,000   36,000,000   a feature that is not active

All are in units of the cost model, and of one slot of 400 ms: `in_slots_of` scales them as
SIMD-0525 (a draft) does. `without_vote_limit` is SIMD-0458 (in review), after which votes are
transactions as any other. Limits are inclusive: what reaches one fits, what is above does not.

Sources: agave, cost-model/src/block_cost_limits.rs; firedancer@178b48fe,
src/flamenco/runtime/test_cost_tracker.c.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ...primitives import UsageError

SLOT_MS: Final = 400
SLOTS_MS: Final = (400, 350, 300, 250, 200)  # SIMD-0525
ALLOCATED_BYTES_MAX: Final = 100_000_000  # MAX_BLOCK_ACCOUNTS_DATA_SIZE_DELTA
ACCOUNT_SHARE_PERCENT: Final = 40  # of the block, for each account: SIMD-0306


@dataclass(frozen=True, slots=True)
class BlockLimits:
    """`cost_max`: of the block. `account_cost_max`: of all that write one account, and of each
    single transaction. `vote_cost_max`: of simple votes, None for no such limit.

    `allocated_bytes_max`: account data that transactions ask to allocate. `transactions_max` and
    `bytes_max` are the ordering engine's, None where it has none; Solana has other bounds there.
    """

    cost_max: int
    account_cost_max: int
    vote_cost_max: int | None
    allocated_bytes_max: int = ALLOCATED_BYTES_MAX
    transactions_max: int | None = None
    bytes_max: int | None = None

    def with_account_share(self) -> BlockLimits:
        """An account's limit is 40 % of the block's, as in SIMD-0306."""
        share = self.cost_max * ACCOUNT_SHARE_PERCENT // 100
        return replace(self, account_cost_max=share)

    def without_vote_limit(self) -> BlockLimits:
        """As after SIMD-0458."""
        return replace(self, vote_cost_max=None)

    def of_engine(self, *, transactions_max: int | None, bytes_max: int | None) -> BlockLimits:
        """With the limits that an ordering engine gives, such as ABCI's max_tx_bytes."""
        return replace(self, transactions_max=transactions_max, bytes_max=bytes_max)

    def in_slots_of(self, slot_ms: int) -> BlockLimits:
        """Scaled from slots of 400 ms, rounded down. Raises UsageError for no slot of SIMD-0525.

        >>> SIMD_0286.in_slots_of(350).cost_max
        87500000
        """
        if slot_ms not in SLOTS_MS:
            raise UsageError(
                f"slot_ms={slot_ms}: SIMD-0525 has slots of "
                f"{', '.join(str(each) for each in SLOTS_MS)} ms"
            )
        votes = self.vote_cost_max
        return replace(
            self,
            cost_max=self.cost_max * slot_ms // SLOT_MS,
            account_cost_max=self.account_cost_max * slot_ms // SLOT_MS,
            vote_cost_max=None if votes is None else votes * slot_ms // SLOT_MS,
            allocated_bytes_max=self.allocated_bytes_max * slot_ms // SLOT_MS,
        )


BEFORE_0207: Final = BlockLimits(48_000_000, 12_000_000, 36_000_000)
SIMD_0207: Final = replace(BEFORE_0207, cost_max=50_000_000)
SIMD_0256: Final = replace(SIMD_0207, cost_max=60_000_000)
SIMD_0306: Final = SIMD_0256.with_account_share()
SIMD_0286: Final = replace(SIMD_0306, cost_max=100_000_000).with_account_share()
AGAVE_4_3: Final = SIMD_0306  # what mainnet-beta's validators enforce

LIMITS_BY_SIMD: Final = {
    "before-0207": BEFORE_0207,
    "0207": SIMD_0207,
    "0256": SIMD_0256,
    "0306": SIMD_0306,
    "0286": SIMD_0286,
    "0458": SIMD_0306.without_vote_limit(),
}
