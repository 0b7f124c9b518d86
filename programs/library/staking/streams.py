"""Streams: rewards that somebody gives, paid at an even rate for a duration."""

from __future__ import annotations

from ...kit import Context, Mut, Pubkey, Signer, UncheckedAccount, require, u64
from ..token import Mint, TokenAccount
from .errors import StakingError
from .events import Notified
from .figures.rewards import STREAM_PRECISION, new_rate, require_covered, require_period_over
from .new_pools import set_up_pool
from .program import staking
from .refreshing import fold_stream
from .state import REWARDS_SEED, Flow, Kind, Pool
from .vaults import require_reward_vault


@staking.instruction(tag=16)
def initialize_stream(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    flow: Mut[UncheckedAccount],
    stake_mint: Mint,
    reward_mint: Mint,
    admin: Signer,
    distributor: Pubkey,
    duration: u64,
) -> None:
    """Open a pool whose rewards the distributor gives, each time for `duration` seconds."""
    require(duration > 0, StakingError.InvalidParameter)
    authority, bump = Pubkey.find_program_address([REWARDS_SEED, pool.key], ctx.program_id)
    view = set_up_pool(ctx, pool, flow, stake_mint, admin)
    view.kind = Kind.Stream
    view.treasury = pool.key
    view.reward_mint = reward_mint.key
    view.reward_authority = authority
    view.reward_bump = bump
    view.distributor = distributor
    view.precision = STREAM_PRECISION
    view.duration = duration


@staking.instruction(tag=17)
def notify_reward(
    ctx: Context,
    pool: Mut[Pool],
    flow: Mut[Flow],
    distributor: Signer,
    reward: u64,
    vaults: list[TokenAccount],
) -> None:
    """Pay `reward`, and what is left of the last one, from now on for the duration.

    The tokens must lie in `vaults` already, beside all that stakes are owed.
    """
    require(pool.distributor == distributor.key, StakingError.NotDistributor, account=pool)
    fold_stream(ctx, pool, flow)
    now = ctx.clock.unix_timestamp
    rate = new_rate(reward, max(0, pool.finish - now), pool.rate, pool.duration)
    owed = pool.distributed - pool.paid
    require_covered(rate, pool.duration, max(0, _held(pool, vaults) - owed))
    pool.rate = rate
    pool.rewarded_until = now
    pool.finish = now + pool.duration
    ctx.emit(Notified(pool=pool.key, rate=rate, finish=pool.finish))


@staking.instruction(tag=18)
def set_duration(ctx: Context, pool: Mut[Pool], admin: Signer, duration: u64) -> None:
    """Change for how long the next reward is paid, once the last one has been."""
    _require_admin(pool, admin)
    require(duration > 0, StakingError.InvalidParameter)
    require_period_over(ctx.clock.unix_timestamp, pool.finish)
    pool.duration = duration


@staking.instruction(tag=19)
def end_stream(ctx: Context, pool: Mut[Pool], flow: Mut[Flow], admin: Signer) -> None:
    """Stop paying now. What is left in the vaults can be given anew."""
    _require_admin(pool, admin)
    fold_stream(ctx, pool, flow)
    pool.finish = min(pool.finish, ctx.clock.unix_timestamp)


@staking.instruction(tag=20)
def set_distributor(pool: Mut[Pool], admin: Signer, distributor: Pubkey) -> None:
    """Let somebody else give rewards."""
    _require_admin(pool, admin)
    pool.distributor = distributor


@staking.instruction(tag=21)
def set_paused(pool: Mut[Pool], admin: Signer, paused: bool) -> None:
    """Refuse new stakes, or take them again. Withdrawals and claims are never refused."""
    _require_admin(pool, admin)
    pool.accepts_stakes = not paused


def _require_admin(pool: Pool, admin: Signer) -> None:
    require(pool.admin == admin.key, StakingError.NotAdmin, account=pool)


def _held(pool: Pool, vaults: list[TokenAccount]) -> int:
    """What vaults hold, each counted once."""
    distinct = len({vault.key for vault in vaults}) == len(vaults)
    require(distinct, StakingError.InvalidVault, account=pool)
    for vault in vaults:
        require_reward_vault(pool, vault)
    return sum(vault.amount for vault in vaults)
