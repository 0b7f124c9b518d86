"""Swaps on a curve.

The owner's part of the fee is booked as shares in the pool, a host's in an account of its own, and
minted when collected. So a swap writes no account that is not the pool's or the user's, where SPL
token-swap writes the share mint and the owner's token account each time.
"""

from __future__ import annotations

from typing import Annotated

from ....kit import Context, HasOne, Mut, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token_moves import move_in, move_out
from ..direction import emit_swap, is_a_to_b, ordered
from ..errors import AmmError
from ..program import amm
from ..state import CurvePool, HostFees
from .curve import Holdings
from .fees import CurveSwap, swap_with_fees
from .single_sided import shares_of_withdrawal

PoolsHost = Annotated[Mut[HostFees], HasOne("pool", error=AmmError.WrongAccount)]


@amm.instruction(tag=33)
def swap_on_curve(
    ctx: Context,
    pool: Mut[CurvePool],
    authority: UncheckedAccount,
    vault_in: Mut[UncheckedAccount],
    vault_out: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    host: PoolsHost | None,
    amount_in: u64,
    amount_out_min: u64,
) -> None:
    """Pay up to `amount_in`: no more than what is paid out is worth, plus the fees."""
    a_to_b = is_a_to_b(pool, vault_in, vault_out)
    done, shares = book_curve_swap(pool, a_to_b, amount_in)
    require(done.paid_out >= amount_out_min, AmmError.ExceededSlippage)
    if host is not None:
        host_shares = pool.fees.host.of(shares)
        pool.owner_shares -= host_shares
        host.shares += host_shares
    move_in(ctx, source, vault_in, owner, done.paid_in)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_out, destination, authority, seeds, done.paid_out)
    emit_swap(ctx, pool.key, a_to_b, done.paid_in, done.paid_out)


def book_curve_swap(pool: CurvePool, a_to_b: bool, amount_in: int) -> tuple[CurveSwap, int]:
    """Book a swap; returns it, with the new shares of the pool's owner."""
    reserves = ordered(a_to_b, pool.reserve_a, pool.reserve_b)
    done = swap_with_fees(pool.curve, amount_in, reserves, a_to_b, pool.fees)
    require(done.paid_out <= reserves[1], AmmError.InsufficientLiquidity)
    change_a, change_b = ordered(a_to_b, done.paid_in, -done.paid_out)
    pool.reserve_a += change_a
    pool.reserve_b += change_b
    held = Holdings(pool.reserve_a, pool.reserve_b, pool.supply)
    fee = done.owner_fee
    shares = shares_of_withdrawal(pool.curve, fee, held, a_to_b, round_up=False) if fee else 0
    pool.owner_shares += shares
    pool.supply += shares
    return done, shares
