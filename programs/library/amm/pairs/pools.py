"""Setting up a pool, and what keeps its books in line with its vaults.

Anyone may open a pool of any two tokens in any tier of the exchange, also where there is one
already: a pair that is traded a lot gets several, which are traded in parallel.
"""

from __future__ import annotations

from ....kit import Context, Mut, UncheckedAccount
from ...authorities import authority_seeds, found_authority
from ...token import Mint, TokenAccount
from ...token_moves import move_out
from ..authority import Authority
from ..program import AMM_ID, amm
from ..state import FeeTier, Pool
from ..vaults import require_pair, require_share_mint, require_vaults
from .books import set_reserves
from .price_sums import wrapped_time


@amm.instruction(tag=3)
def initialize_pool(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    tier: FeeTier,
    vault_a: TokenAccount,
    vault_b: TokenAccount,
    share_mint: Mint,
) -> None:
    """Open a constant-product pool of the vaults' tokens with the tier's fee.

    Vaults and share mint belong to the pool's authority; the mint has no supply.
    """
    authority, bump = found_authority(pool.key, AMM_ID)
    require_vaults(vault_a, vault_b, authority)
    require_share_mint(share_mint, authority)
    Pool.view(pool).initialize(
        exchange=tier.exchange,
        tier=tier.key,
        mint_a=vault_a.mint,
        mint_b=vault_b.mint,
        vault_a=vault_a.key,
        vault_b=vault_b.key,
        share_mint=share_mint.key,
        bump=bump,
        fee_numerator=tier.fee_numerator,
        fee_denominator=tier.fee_denominator,
        updated_at=wrapped_time(ctx.clock.unix_timestamp),
        **dict.fromkeys(_FIGURES, 0),
    )


_FIGURES = (
    "reserve_a",
    "reserve_b",
    "supply",
    "protocol_shares",
    "last_product",
    "price_a_sum",
    "price_b_sum",
)


@amm.instruction(tag=4)
def sync(ctx: Context, pool: Mut[Pool], vault_a: TokenAccount, vault_b: TokenAccount) -> None:
    """Set the reserves to what the vaults hold: what was sent to them becomes the holders'."""
    require_pair(pool, vault_a, vault_b)
    set_reserves(pool, (vault_a.amount, vault_b.amount), ctx.clock.unix_timestamp)


@amm.instruction(tag=5)
def skim(
    ctx: Context,
    pool: Pool,
    authority: Authority,
    vault_a: Mut[TokenAccount],
    vault_b: Mut[TokenAccount],
    destination_a: Mut[UncheckedAccount],
    destination_b: Mut[UncheckedAccount],
) -> None:
    """Send what the vaults hold beyond the reserves to anyone who asks."""
    require_pair(pool, vault_a, vault_b)
    seeds = authority_seeds(pool.key, pool.bump)
    extra_a, extra_b = vault_a.amount - pool.reserve_a, vault_b.amount - pool.reserve_b
    move_out(ctx, vault_a, destination_a, authority, seeds, extra_a)
    move_out(ctx, vault_b, destination_b, authority, seeds, extra_b)
