"""What every new pool has, whoever pays its rewards, and whether it is up to date."""

from __future__ import annotations

from ...kit import Context, Pubkey, Signer, UncheckedAccount, require
from ..token import Mint
from .errors import StakingError
from .state import STAKES_SEED, Flow, Pool


def set_up_pool(
    ctx: Context,
    pool: UncheckedAccount,
    flow: UncheckedAccount,
    stake_mint: Mint,
    admin: Signer,
) -> Pool:
    """Write a new pool without stakes, and its sums; the caller adds where rewards come from."""
    authority, bump = Pubkey.find_program_address([STAKES_SEED, pool.key], ctx.program_id)
    Flow.view(flow).initialize(pool=pool.key)
    view = Pool.view(pool)
    view.initialize(
        admin=admin.key,
        stake_mint=stake_mint.key,
        flow=flow.key,
        authority=authority,
        bump=bump,
        accepts_stakes=True,
        refreshed_slot=ctx.clock.slot,
    )
    return view


def require_refreshed(ctx: Context, pool: Pool) -> None:
    """Require that the index holds for this slot: stakes may change, and nobody gets another's."""
    require(pool.refreshed_slot == ctx.clock.slot, StakingError.StalePool, account=pool)
