"""Withdrawals from a pool on a curve: of both tokens for given shares, and of one token.

The withdrawal fee is taken in shares and booked to the pool's owner, who pays none.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token_moves import burn_in, move_out
from ..authority import Authority
from ..errors import AmmError
from ..events import Withdrawn
from ..program import amm
from ..state import CurvePool
from ..vaults import require_pair, require_same
from .checked import traded, u128
from .curve import Holdings, tokens_for_shares
from .deposits import is_a
from .single_sided import shares_for_withdrawal


@amm.instruction(tag=39)
def withdraw_both(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: Authority,
    vault_a: Mut[UncheckedAccount],
    vault_b: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination_a: Mut[UncheckedAccount],
    destination_b: Mut[UncheckedAccount],
    owner: Signer,
    shares: u64,
    amount_a_min: u64,
    amount_b_min: u64,
) -> None:
    """Burn shares for what they are worth of both tokens, rounded down, as far as the pool has it.

    Of a token that the pool does not have nothing is paid out.
    """
    require_same(share_mint, pool.share_mint)
    require_pair(pool, vault_a, vault_b)
    fee = _fee(pool, owner, shares)
    held = Holdings(pool.reserve_a, pool.reserve_b, pool.supply)
    worth = tokens_for_shares(pool.curve, u128(shares - fee), held, round_up=False)
    a, b = min(worth[0], held.a), min(worth[1], held.b)
    require(a >= amount_a_min and b >= amount_b_min, AmmError.ExceededSlippage)
    require((a > 0 or held.a == 0) and (b > 0 or held.b == 0), AmmError.ZeroTradingTokens)
    _book(pool, shares, fee, (a, b))
    burn_in(ctx, share_mint, source, owner, shares)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_a, destination_a, authority, seeds, a)
    move_out(ctx, vault_b, destination_b, authority, seeds, b)
    ctx.emit(Withdrawn(pool=pool.key, amount_a=a, amount_b=b, shares=shares))


@amm.instruction(tag=40)
def withdraw_one(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: Authority,
    vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
    shares_max: u64,
) -> None:
    """Withdraw exactly `amount` of one token for the shares that it costs."""
    require_same(share_mint, pool.share_mint)
    of_a = is_a(pool, vault)
    held = Holdings(pool.reserve_a, pool.reserve_b, pool.supply)
    cost = shares_for_withdrawal(pool.curve, amount, held, of_a, pool.fees)
    fee = _fee(pool, owner, cost)
    shares = traded(cost + fee)
    require(shares <= shares_max, AmmError.ExceededSlippage)
    a, b = (amount, 0) if of_a else (0, amount)
    require(a <= held.a and b <= held.b, AmmError.InsufficientLiquidity)
    _book(pool, shares, fee, (a, b))
    burn_in(ctx, share_mint, source, owner, shares)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault, destination, authority, seeds, amount)
    ctx.emit(Withdrawn(pool=pool.key, amount_a=a, amount_b=b, shares=shares))


def _fee(pool: CurvePool, owner: Signer, shares: int) -> int:
    return 0 if owner.key == pool.fee_owner else pool.fees.owner_withdraw.of(shares)


def _book(pool: CurvePool, shares: int, fee: int, amounts: tuple[int, int]) -> None:
    require(shares <= pool.supply, AmmError.InvalidShares)
    pool.reserve_a -= amounts[0]
    pool.reserve_b -= amounts[1]
    pool.supply -= shares - fee
    pool.owner_shares += fee
