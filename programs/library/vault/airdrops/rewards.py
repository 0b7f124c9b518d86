"""Pools of rewards, and airdrops into them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ....kit import Context, Mut, Seeds, Signer, UncheckedAccount, require, u32, u64
from ...authorities import AUTHORITY_SEED, authority_seeds, found_authority
from ...token import Mint, TokenAccount
from ...token_moves import move_in, move_out
from ..errors import VaultError
from ..events import Airdropped
from ..program import VAULT_ID
from ..program import vault as program
from ..state import Vault
from .index import grow
from .state import BOOST_BPS_MAX, TIME_S_MAX, LockedSums, RewardPool

PoolAuthority: TypeAlias = Annotated[UncheckedAccount, Seeds(AUTHORITY_SEED, "pool")]


@program.instruction(tag=24)
def open_rewards(
    vault: Vault,
    pool: Mut[UncheckedAccount],
    sums: Mut[UncheckedAccount],
    reward_mint: Mint,
    time_min_s: u32,
    time_max_s: u32,
    boost_bps: u32,
) -> None:
    """Open a pool of rewards for whoever locks shares of this vault. Anybody may."""
    in_range = 0 < time_max_s <= TIME_S_MAX and time_min_s <= time_max_s
    require(in_range and boost_bps <= BOOST_BPS_MAX, VaultError.InvalidParameter)
    authority, bump = found_authority(pool.key, VAULT_ID)
    LockedSums.view(sums).initialize(pool=pool.key)
    RewardPool.view(pool).initialize(
        vault=vault.key,
        share_mint=vault.share_mint,
        reward_mint=reward_mint.key,
        sums=sums.key,
        authority=authority,
        bump=bump,
        time_min_s=time_min_s,
        time_max_s=time_max_s,
        boost_bps=boost_bps,
    )


@program.instruction(tag=28)
def airdrop(
    ctx: Context,
    pool: Mut[RewardPool],
    sums: LockedSums,
    source: Mut[UncheckedAccount],
    reward_vault: Mut[TokenAccount],
    donor: Signer,
    amount: u64,
) -> None:
    """Give rewards to all who have locked shares now, each by weight."""
    require(sums.pool == pool.key, VaultError.WrongVault, account=sums)
    require_pool_tokens(pool, reward_vault, reward=True)
    weight = sums.weight_in - sums.weight_out
    require(weight > 0, VaultError.NobodyLocked, account=pool)
    pool.index, pool.remainder = grow(pool.index, pool.remainder, amount, weight)
    pool.given += amount
    move_in(ctx, source, reward_vault, donor, amount)
    ctx.emit(Airdropped(pool=pool.key, amount=amount))


@program.instruction(tag=30)
def move_tokens(
    ctx: Context,
    pool: RewardPool,
    authority: PoolAuthority,
    source: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    amount: u64,
) -> None:
    """Move tokens between two token accounts of a pool. Anybody may, where one runs short."""
    require(destination.token_owner == pool.authority, VaultError.WrongTokens, account=destination)
    move_out(ctx, source, destination, authority, authority_seeds(pool.key, pool.bump), amount)


def require_pool_tokens(pool: RewardPool, tokens: TokenAccount, *, reward: bool) -> None:
    """Require a token account of the pool, for rewards or for locked shares."""
    mint = pool.reward_mint if reward else pool.share_mint
    fits = (tokens.mint == mint) & (tokens.token_owner == pool.authority)
    require(fits, VaultError.WrongTokens, account=tokens)
