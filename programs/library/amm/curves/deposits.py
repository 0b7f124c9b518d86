"""Deposits in a pool on a curve: of both tokens for given shares, and of one token."""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token_moves import mint_out, move_in
from ..authority import Authority
from ..errors import AmmError
from ..events import Deposited
from ..program import amm
from ..state import CurvePool
from ..vaults import require_pair, require_same
from .checked import traded
from .curve import Holdings, tokens_for_shares
from .pools import FIRST_SHARES
from .single_sided import shares_for_deposit


@amm.instruction(tag=37)
def deposit_both(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: Authority,
    vault_a: Mut[UncheckedAccount],
    vault_b: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source_a: Mut[UncheckedAccount],
    source_b: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    shares: u64,
    amount_a_max: u64,
    amount_b_max: u64,
) -> None:
    """Get `shares` for what they are worth of both tokens, rounded up.

    Where there are no shares, the first billion of them costs what the pool holds.
    """
    _require_open(pool, share_mint)
    require_pair(pool, vault_a, vault_b)
    shares, supply = (shares, pool.supply) if pool.supply else (FIRST_SHARES, FIRST_SHARES)
    held = Holdings(pool.reserve_a, pool.reserve_b, supply)
    a, b = tokens_for_shares(pool.curve, shares, held, round_up=True)
    require(a <= amount_a_max and b <= amount_b_max, AmmError.ExceededSlippage)
    pool.reserve_a += traded(a)
    pool.reserve_b += traded(b)
    pool.supply += shares
    move_in(ctx, source_a, vault_a, owner, a)
    move_in(ctx, source_b, vault_b, owner, b)
    seeds = authority_seeds(pool.key, pool.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, shares)
    ctx.emit(Deposited(pool=pool.key, amount_a=a, amount_b=b, shares=shares))


@amm.instruction(tag=38)
def deposit_one(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: Authority,
    vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
    shares_min: u64,
) -> None:
    """Deposit `amount` of one token, as if half of it were swapped first; the vault says which."""
    _require_open(pool, share_mint)
    of_a = is_a(pool, vault)
    held = Holdings(pool.reserve_a, pool.reserve_b, pool.supply)
    shares = FIRST_SHARES
    if pool.supply:
        shares = shares_for_deposit(pool.curve, amount, held, of_a, pool.fees)
    require(shares >= shares_min, AmmError.ExceededSlippage)
    pool.supply += traded(shares)
    pool.reserve_a += amount if of_a else 0
    pool.reserve_b += 0 if of_a else amount
    move_in(ctx, source, vault, owner, amount)
    seeds = authority_seeds(pool.key, pool.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, shares)
    a, b = (amount, 0) if of_a else (0, amount)
    ctx.emit(Deposited(pool=pool.key, amount_a=a, amount_b=b, shares=shares))


def is_a(pool: CurvePool, vault: UncheckedAccount) -> bool:
    """Whether this vault is the pool's a; fails unless it is that, or b."""
    of_a = vault.key == pool.vault_a
    require_same(vault, pool.vault_a if of_a else pool.vault_b)
    return of_a


def _require_open(pool: CurvePool, share_mint: UncheckedAccount) -> None:
    require(pool.curve.takes_deposits, AmmError.UnsupportedCurveOperation)
    require_same(share_mint, pool.share_mint)
