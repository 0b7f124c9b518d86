"""Refreshing a pool: once a slot, before its stakes change, rewards are given to those there are.

The index follows from the total stake, which all that stake in a slot change. As no time passes
within a slot, it is enough that the first one of a slot folds what has passed: all others of that
slot read the pool, and only add to its sums.
"""

from __future__ import annotations

from ...kit import Context, Mut, UncheckedAccount, require
from ..token import TokenAccount
from ..token_moves import mint_out
from .errors import StakingError
from .events import Refreshed
from .farms import points_of
from .figures.rewards import index_rise, part_by_points, streamed, weighted_slots
from .program import staking
from .state import REWARDS_SEED, Farm, Flow, Kind, Pool
from .vaults import require_reward_vault


@staking.instruction(tag=8)
def refresh_farm_pool(
    ctx: Context,
    farm: Farm,
    pool: Mut[Pool],
    flow: Mut[Flow],
    authority: UncheckedAccount,
    reward_mint: Mut[UncheckedAccount],
    vault: Mut[TokenAccount],
    developer_tokens: Mut[TokenAccount],
) -> None:
    """Mint a pool's rewards since its last refresh, and the developer's share."""
    require(pool.treasury == farm.key, StakingError.WrongPool, account=pool)
    require_reward_vault(pool, vault)
    require(developer_tokens.token_owner == farm.developer, StakingError.InvalidVault)
    slot = ctx.clock.slot
    reward = _farmed(farm, pool, slot)
    if share_out(pool, flow, slot, reward):
        seeds = [REWARDS_SEED, farm.key, farm.bump.to_bytes()]
        mint_out(ctx, reward_mint, vault, authority, seeds, reward)
        if farm.developer_divisor:
            share = reward // farm.developer_divisor
            mint_out(ctx, reward_mint, developer_tokens, authority, seeds, share)
    _refreshed(ctx, pool, reward)


@staking.instruction(tag=9)
def refresh_stream(ctx: Context, pool: Mut[Pool], flow: Mut[Flow]) -> None:
    """Give stakes what the stream has paid since its last refresh."""
    reward = fold_stream(ctx, pool, flow)
    _refreshed(ctx, pool, reward)


def fold_stream(ctx: Context, pool: Pool, flow: Flow) -> int:
    """Fold a stream up to now; what stakes were given."""
    require(pool.kind == Kind.Stream, StakingError.WrongKind, account=pool)
    now = min(ctx.clock.unix_timestamp, pool.finish)
    reward = streamed(pool.rewarded_until, now, pool.finish, pool.rate)
    given = reward if share_out(pool, flow, now, reward) else 0
    pool.refreshed_slot = ctx.clock.slot
    return given


def share_out(pool: Pool, flow: Flow, until: int, reward: int) -> bool:
    """Raise the index by a reward and note until when; whether anybody has a stake."""
    require(flow.key == pool.flow, StakingError.WrongAccount, account=flow)
    _take_over(pool, flow)
    pool.rewarded_until = max(pool.rewarded_until, until)
    if not pool.staked:
        return False
    pool.index += index_rise(reward, pool.staked, pool.precision)
    pool.distributed += reward
    return True


def _take_over(pool: Pool, flow: Flow) -> None:
    """Add the sums of the flow to the pool's, so that they never grow beyond their range."""
    pool.staked += flow.staked - flow.unstaked
    pool.paid += flow.paid
    flow.staked = flow.unstaked = flow.paid = 0


def _farmed(farm: Farm, pool: Pool, slot: int) -> int:
    """What a farm emits for a pool since its last refresh."""
    since, until = pool.rewarded_until, max(pool.rewarded_until, slot)
    slots = weighted_slots(since, until, farm.bonus_end_slot, farm.bonus_multiplier)
    all_points = farm.points + farm.base_points
    return part_by_points(slots * farm.reward_per_slot, points_of(farm, pool), all_points)


def _refreshed(ctx: Context, pool: Pool, reward: int) -> None:
    pool.refreshed_slot = ctx.clock.slot
    ctx.emit(Refreshed(pool=pool.key, reward=reward, index=pool.index))
