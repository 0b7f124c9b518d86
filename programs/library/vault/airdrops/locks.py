"""Locks: shares handed over until a time, for rewards by weight.

The weight stays until the shares are taken out. So that nobody is rewarded for time long over,
anybody may take them out for their owner once the time is over.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, require, u32, u64
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import move_in, move_out
from ..errors import VaultError
from ..program import vault as program
from .index import owed_since, weigh
from .rewards import PoolAuthority, require_pool_tokens
from .state import Lock, LockedSums, RewardPool


@program.instruction(tag=25)
def open_lock(pool: RewardPool, lock: Mut[UncheckedAccount], owner: UncheckedAccount) -> None:
    """Open a lock of `owner`, without shares."""
    Lock.view(lock).initialize(pool=pool.key, owner_key=owner.key, index=pool.index)


@program.instruction(tag=26)
def lock_shares(
    ctx: Context,
    pool: RewardPool,
    sums: Adds[LockedSums],
    lock: Mut[Lock],
    source: Mut[UncheckedAccount],
    share_vault: Mut[TokenAccount],
    owner: Signer,
    shares: u64,
    time_s: u32,
) -> None:
    """Lock shares from now on, with those in the lock already; no shares: only prolong it."""
    require(sums.pool == pool.key, VaultError.WrongVault, account=sums)
    _require_lock(pool, lock, owner)
    require_pool_tokens(pool, share_vault, reward=False)
    until = ctx.clock.unix_timestamp + time_s
    in_range = (pool.time_min_s <= time_s) & (time_s <= pool.time_max_s) & (lock.until <= until)
    require(in_range & (lock.shares + shares > 0), VaultError.InvalidLock, account=lock)
    _settle(lock, pool)
    weight = weigh(lock.shares + shares, time_s, pool.time_max_s, pool.boost_bps)
    sums.weight_out += lock.weight
    sums.weight_in += weight
    lock.shares += shares
    lock.weight, lock.until = weight, until
    move_in(ctx, source, share_vault, owner, shares)


@program.instruction(tag=27)
def unlock_shares(
    ctx: Context,
    pool: RewardPool,
    authority: PoolAuthority,
    sums: Adds[LockedSums],
    lock: Mut[Lock],
    share_vault: Mut[TokenAccount],
    destination: Mut[TokenAccount],
) -> None:
    """Give shares whose time is over back to their owner; rewards stay owed. Anybody may."""
    require(sums.pool == pool.key, VaultError.WrongVault, account=sums)
    require(lock.pool == pool.key, VaultError.WrongVault, account=lock)
    require(lock.until <= ctx.clock.unix_timestamp, VaultError.StillLocked, account=lock)
    require(destination.token_owner == lock.owner_key, VaultError.NotOwner, account=destination)
    require_pool_tokens(pool, share_vault, reward=False)
    shares = lock.shares
    require(shares > 0, VaultError.NothingOwed, account=lock)
    _settle(lock, pool)
    sums.weight_out += lock.weight
    lock.shares = lock.weight = 0
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, share_vault, destination, authority, seeds, shares)


@program.instruction(tag=29)
def claim_rewards(
    ctx: Context,
    pool: RewardPool,
    authority: PoolAuthority,
    lock: Mut[Lock],
    reward_vault: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
) -> None:
    """Take out all rewards of a lock, from any of the pool's accounts; the shares stay locked."""
    _require_lock(pool, lock, owner)
    require_pool_tokens(pool, reward_vault, reward=True)
    _settle(lock, pool)
    owed = lock.owed
    require(owed > 0, VaultError.NothingOwed, account=lock)
    lock.owed = 0
    move_out(ctx, reward_vault, destination, authority, authority_seeds(pool.key, pool.bump), owed)


def _settle(lock: Lock, pool: RewardPool) -> None:
    """Note what the lock was given since it was last settled."""
    lock.owed += owed_since(lock.index, pool.index, lock.weight)
    lock.index = pool.index


def _require_lock(pool: RewardPool, lock: Lock, owner: Signer) -> None:
    require(lock.pool == pool.key, VaultError.WrongVault, account=lock)
    require(lock.owner_key == owner.key, VaultError.NotOwner, account=lock)
