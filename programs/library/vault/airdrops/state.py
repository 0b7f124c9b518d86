"""Layouts of pools of rewards and of locks.

Whoever locks, claims or unlocks writes a lock and token accounts, and adds to sums. Only an airdrop
writes the pool.
"""

from __future__ import annotations

from typing import Final

from ....kit import Layout, Pubkey, i64, u8, u32, u64, u128

BOOST_BPS_MAX: Final = 100_000
TIME_S_MAX: Final = 10 * 31_536_000


class RewardPool(Layout, discriminator=b"vlt:rwrd"):
    """Rewards in tokens of one mint for locked shares of one vault.

    Shares locked for `time_max_s` weigh `boost_bps` more than those locked for no time. `index`:
    what each unit of weight was given so far, times WAD; `remainder`: of the last airdrop, times
    WAD, what was too little to raise the index.
    """

    vault: Pubkey
    share_mint: Pubkey
    reward_mint: Pubkey
    sums: Pubkey
    authority: Pubkey
    bump: u8
    time_min_s: u32
    time_max_s: u32
    boost_bps: u32
    index: u128
    remainder: u128
    given: u64


class LockedSums(Layout, discriminator=b"vlt:sums"):
    """Weight that was ever locked, and ever unlocked. Only ever added to."""

    pool: Pubkey
    weight_in: u128
    weight_out: u128


class Lock(Layout, discriminator=b"vlt:lock"):
    """Shares that somebody has locked until a time, and the rewards owed for them."""

    pool: Pubkey
    owner_key: Pubkey
    shares: u64
    weight: u128
    until: i64
    index: u128
    owed: u64
