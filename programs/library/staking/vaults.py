"""Vaults of stakes and of rewards: which there may be, and payments out of them."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token import TokenAccount
from ..token_moves import move_out
from .errors import StakingError
from .program import staking
from .state import REWARDS_SEED, STAKES_SEED, Pool


def require_stake_vault(pool: Pool, vault: TokenAccount) -> None:
    """Require a vault of the pool's stakes."""
    fits = (vault.mint == pool.stake_mint) & (vault.token_owner == pool.authority)
    require(fits, StakingError.InvalidVault, account=vault)


def require_reward_vault(pool: Pool, vault: TokenAccount) -> None:
    """Require a vault of rewards that the pool may pay from."""
    fits = (vault.mint == pool.reward_mint) & (vault.token_owner == pool.reward_authority)
    require(fits, StakingError.InvalidVault, account=vault)


def pay_stake(
    ctx: Context,
    pool: Pool,
    authority: UncheckedAccount,
    vault: TokenAccount,
    destination: UncheckedAccount,
    amount: int,
) -> None:
    """Move staked tokens out of a vault."""
    require_stake_vault(pool, vault)
    seeds = [STAKES_SEED, pool.key, pool.bump.to_bytes()]
    move_out(ctx, vault, destination, authority, seeds, amount)


def pay_reward(
    ctx: Context,
    pool: Pool,
    authority: UncheckedAccount,
    vault: TokenAccount,
    destination: UncheckedAccount,
    amount: int,
) -> None:
    """Move reward tokens out of a vault."""
    require_reward_vault(pool, vault)
    seeds = [REWARDS_SEED, pool.treasury, pool.reward_bump.to_bytes()]
    move_out(ctx, vault, destination, authority, seeds, amount)


@staking.instruction(tag=5)
def move_stakes(
    ctx: Context,
    pool: Pool,
    authority: UncheckedAccount,
    source: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    amount: u64,
) -> None:
    """Move staked tokens between two vaults of a pool. Anybody may, where a vault runs short."""
    require_stake_vault(pool, destination)
    pay_stake(ctx, pool, authority, source, destination, amount)


@staking.instruction(tag=6)
def move_rewards(
    ctx: Context,
    pool: Pool,
    authority: UncheckedAccount,
    source: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    amount: u64,
) -> None:
    """Move rewards between two vaults that the pool pays from. Anybody may."""
    require_reward_vault(pool, destination)
    pay_reward(ctx, pool, authority, source, destination, amount)


@staking.instruction(tag=7)
def recover(
    ctx: Context,
    pool: Pool,
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    admin: Signer,
    amount: u64,
) -> None:
    """Take out other tokens that somebody sent to the pool's reward authority by mistake."""
    require(pool.admin == admin.key, StakingError.NotAdmin, account=pool)
    foreign = vault.mint not in (pool.stake_mint, pool.reward_mint)
    require(foreign, StakingError.StakedToken, account=vault)
    seeds = [REWARDS_SEED, pool.treasury, pool.reward_bump.to_bytes()]
    move_out(ctx, vault, destination, authority, seeds, amount)
