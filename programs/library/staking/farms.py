"""Farms: what is minted by the slot, and how it is divided among pools by points."""

from __future__ import annotations

from typing import Final

from ...kit import Context, Mut, Pubkey, Signer, UncheckedAccount, require, u16, u64
from ..token import Mint
from .errors import StakingError
from .figures.rewards import FARM_PRECISION
from .new_pools import require_refreshed, set_up_pool
from .program import staking
from .state import REWARDS_SEED, Farm, Kind, Pool

BASE_POINTS: Final = 1_000


@staking.instruction(tag=0)
def initialize_farm(
    ctx: Context,
    farm: Mut[UncheckedAccount],
    reward_mint: Mint,
    admin: Signer,
    developer: Pubkey,
    reward_per_slot: u64,
    start_slot: u64,
    bonus_end_slot: u64,
    bonus_multiplier: u64,
    developer_divisor: u16,
    base_divisor: u16,
) -> None:
    """Open a farm whose authority mints `reward_per_slot`, more until the bonus ends.

    The developer gets that divided by `developer_divisor` on top, nothing for 0.
    """
    authority, bump = Pubkey.find_program_address([REWARDS_SEED, farm.key], ctx.program_id)
    sound = reward_mint.mint_authority == authority and reward_mint.freeze_authority is None
    require(sound, StakingError.InvalidMint, account=reward_mint)
    Farm.view(farm).initialize(
        admin=admin.key,
        developer=developer,
        reward_mint=reward_mint.key,
        authority=authority,
        bump=bump,
        reward_per_slot=reward_per_slot,
        start_slot=start_slot,
        bonus_end_slot=bonus_end_slot,
        bonus_multiplier=bonus_multiplier,
        developer_divisor=developer_divisor,
        base_divisor=base_divisor,
        base_points=BASE_POINTS if base_divisor else 0,
    )


@staking.instruction(tag=1)
def add_pool(
    ctx: Context,
    farm: Mut[Farm],
    pool: Mut[UncheckedAccount],
    flow: Mut[UncheckedAccount],
    stake_mint: Mint,
    admin: Signer,
    points: u64,
    pools: list[Pool],
) -> None:
    """Add a pool with `points`; `pools`: all earlier ones, refreshed in this slot.

    The first pool of a farm with a `base_divisor` is its base pool, whose points are derived.
    """
    require(farm.admin == admin.key, StakingError.NotAdmin, account=farm)
    _require_all(ctx, farm, pools)
    is_base = farm.base_divisor > 0 and farm.pools == 0
    view = set_up_pool(ctx, pool, flow, stake_mint, admin)
    view.kind = Kind.Farm
    view.treasury = farm.key
    view.reward_mint = farm.reward_mint
    view.reward_authority = farm.authority
    view.reward_bump = farm.bump
    view.precision = FARM_PRECISION
    view.rewarded_until = max(ctx.clock.slot, farm.start_slot)
    view.is_base = is_base
    view.points = 0 if is_base else points
    farm.points += view.points
    farm.pools += 1
    _derive_base(farm)


@staking.instruction(tag=2)
def set_points(
    ctx: Context, farm: Mut[Farm], pool: Mut[Pool], admin: Signer, points: u64, pools: list[Pool]
) -> None:
    """Give a pool other points; `pools`: all others of the farm, refreshed in this slot."""
    require(farm.admin == admin.key, StakingError.NotAdmin, account=farm)
    _require_all(ctx, farm, [pool, *pools])
    require(not pool.is_base, StakingError.InvalidParameter, account=pool)
    farm.points += points - pool.points
    pool.points = points
    _derive_base(farm)


@staking.instruction(tag=3)
def set_multiplier(farm: Mut[Farm], admin: Signer, bonus_multiplier: u64) -> None:
    """Change the bonus, for each pool from its last refresh on."""
    require(farm.admin == admin.key, StakingError.NotAdmin, account=farm)
    farm.bonus_multiplier = bonus_multiplier


@staking.instruction(tag=4)
def set_developer(farm: Mut[Farm], developer: Signer, successor: Pubkey) -> None:
    """Pass the developer's share on."""
    require(farm.developer == developer.key, StakingError.NotDeveloper, account=farm)
    farm.developer = successor


def points_of(farm: Farm, pool: Pool) -> int:
    """A pool's points; those of the base pool are kept by the farm."""
    return farm.base_points if pool.is_base else pool.points


def _derive_base(farm: Farm) -> None:
    if farm.base_divisor and farm.points:
        farm.base_points = farm.points // farm.base_divisor


def _require_all(ctx: Context, farm: Farm, pools: list[Pool]) -> None:
    """Require every pool of the farm, each once and up to date: what is past stays as it was."""
    complete = len({pool.key for pool in pools}) == len(pools) == farm.pools
    require(complete, StakingError.WrongPool, account=farm)
    for pool in pools:
        require(pool.treasury == farm.key, StakingError.WrongPool, account=pool)
        require_refreshed(ctx, pool)
