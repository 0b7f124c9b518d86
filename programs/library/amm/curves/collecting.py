"""Shares that a pool on a curve owes to its owner and to hosts: minted when they ask."""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import mint_out
from ..authority import Authority
from ..errors import AmmError
from ..events import FeesCollected
from ..program import amm
from ..state import CurvePool, HostFees
from ..vaults import require_same
from .swaps import PoolsHost


@amm.instruction(tag=34)
def open_host_fees(pool: CurvePool, host_fees: Mut[UncheckedAccount], host: Signer) -> None:
    """Set up the account in which a pool books what it owes a host."""
    HostFees.view(host_fees).initialize(pool=pool.key, host=host.key, shares=0)


@amm.instruction(tag=35)
def collect_owner_fees(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: Authority,
    share_mint: Mut[UncheckedAccount],
    destination: Mut[TokenAccount],
) -> None:
    """Mint the owner's shares to an account of the owner; anyone may call this."""
    right = destination.token_owner == pool.fee_owner
    require(right, AmmError.WrongAuthority, account=destination)
    owed, pool.owner_shares = pool.owner_shares, 0
    _mint(ctx, pool, authority, share_mint, destination, owed)


@amm.instruction(tag=36)
def collect_host_fees(
    ctx: Context,
    pool: CurvePool,
    authority: Authority,
    share_mint: Mut[UncheckedAccount],
    host_fees: PoolsHost,
    destination: Mut[UncheckedAccount],
    host: Signer,
) -> None:
    """Mint the host's shares."""
    require(host_fees.host == host.key, AmmError.WrongAuthority, account=host)
    owed, host_fees.shares = host_fees.shares, 0
    _mint(ctx, pool, authority, share_mint, destination, owed)


def _mint(
    ctx: Context,
    pool: CurvePool,
    authority: UncheckedAccount,
    share_mint: UncheckedAccount,
    destination: UncheckedAccount,
    owed: int,
) -> None:
    require(owed > 0, AmmError.NoFees)
    require_same(share_mint, pool.share_mint)
    seeds = authority_seeds(pool.key, pool.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, owed)
    ctx.emit(FeesCollected(pool=pool.key, shares=owed))
