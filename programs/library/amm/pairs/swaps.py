"""Swaps with one pool: of an exact amount in, of an exact amount out, and of amounts sent ahead.

A swap writes the pool, its two vaults and two accounts of the user, and nothing else: fees stay in
the pool. The order of the vaults says which way it goes.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import move_in, move_out
from ..authority import Authority
from ..direction import emit_swap, is_a_to_b, ordered
from ..errors import AmmError
from ..events import Swapped
from ..program import amm
from ..state import Pool
from ..vaults import require_pair
from . import books, constant_product
from .arbitrage import trade_within


@amm.instruction(tag=10)
def swap_exact_in(
    ctx: Context,
    pool: Mut[Pool],
    authority: UncheckedAccount,
    vault_in: Mut[UncheckedAccount],
    vault_out: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount_in: u64,
    amount_out_min: u64,
) -> None:
    """Pay `amount_in` for as much as it buys."""
    a_to_b = is_a_to_b(pool, vault_in, vault_out)
    out = buy(pool, a_to_b, amount_in, ctx.clock.unix_timestamp)
    require(out >= amount_out_min, AmmError.ExceededSlippage)
    move_in(ctx, source, vault_in, owner, amount_in)
    move_out(ctx, vault_out, destination, authority, authority_seeds(pool.key, pool.bump), out)
    emit_swap(ctx, pool.key, a_to_b, amount_in, out)


@amm.instruction(tag=11)
def swap_exact_out(
    ctx: Context,
    pool: Mut[Pool],
    authority: UncheckedAccount,
    vault_in: Mut[UncheckedAccount],
    vault_out: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount_out: u64,
    amount_in_max: u64,
) -> None:
    """Get exactly `amount_out` for what it costs."""
    a_to_b = is_a_to_b(pool, vault_in, vault_out)
    paid = price_of(pool, a_to_b, amount_out)
    require(paid <= amount_in_max, AmmError.ExceededSlippage)
    book_swap(pool, a_to_b, paid, amount_out, ctx.clock.unix_timestamp)
    move_in(ctx, source, vault_in, owner, paid)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_out, destination, authority, seeds, amount_out)
    emit_swap(ctx, pool.key, a_to_b, paid, amount_out)


@amm.instruction(tag=12)
def swap_prepaid(
    ctx: Context,
    pool: Mut[Pool],
    authority: Authority,
    vault_a: Mut[TokenAccount],
    vault_b: Mut[TokenAccount],
    destination_a: Mut[UncheckedAccount],
    destination_b: Mut[UncheckedAccount],
    a_out: u64,
    b_out: u64,
) -> None:
    """Take amounts for what was sent to the vaults before, in the same transaction.

    As Uniswap v2's `swap`: whatever the vaults hold beyond the reserves pays for it, and whatever
    is not needed is the holders'.
    """
    require_pair(pool, vault_a, vault_b)
    a_in, b_in = vault_a.amount - pool.reserve_a, vault_b.amount - pool.reserve_b
    books.swap(pool, (a_in, b_in), (a_out, b_out), ctx.clock.unix_timestamp)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_a, destination_a, authority, seeds, a_out)
    move_out(ctx, vault_b, destination_b, authority, seeds, b_out)
    ctx.emit(Swapped(pool=pool.key, a_in=a_in, b_in=b_in, a_out=a_out, b_out=b_out))


@amm.instruction(tag=13)
def swap_to_price(
    ctx: Context,
    pool: Mut[Pool],
    authority: Authority,
    vault_a: Mut[UncheckedAccount],
    vault_b: Mut[UncheckedAccount],
    user_a: Mut[UncheckedAccount],
    user_b: Mut[UncheckedAccount],
    owner: Signer,
    price_a: u64,
    price_b: u64,
    a_max: u64,
    b_max: u64,
) -> None:
    """Make the most profitable trade if `price_a` of a are worth `price_b` of b, within limits."""
    require_pair(pool, vault_a, vault_b)
    a_to_b, paid = trade_within(
        books.reserves_of(pool), (price_a, price_b), (a_max, b_max), books.fee_of(pool)
    )
    out = buy(pool, a_to_b, paid, ctx.clock.unix_timestamp)
    vaults, accounts = (vault_a, vault_b), (user_a, user_b)
    move_in(ctx, accounts[not a_to_b], vaults[not a_to_b], owner, paid)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vaults[a_to_b], accounts[a_to_b], authority, seeds, out)
    emit_swap(ctx, pool.key, a_to_b, paid, out)


def buy(pool: books.Books, a_to_b: bool, amount_in: int, now: int) -> int:
    """Book a swap of `amount_in`; returns what it buys."""
    reserve_in, reserve_out = ordered(a_to_b, *books.reserves_of(pool))
    fee = books.fee_of(pool)
    out = constant_product.amount_out(amount_in, reserve_in, reserve_out, fee)
    require(out > 0, AmmError.InsufficientOutputAmount)
    book_swap(pool, a_to_b, amount_in, out, now)
    return out


def price_of(pool: books.Books, a_to_b: bool, amount_out: int) -> int:
    """What `amount_out` costs now."""
    reserve_in, reserve_out = ordered(a_to_b, *books.reserves_of(pool))
    return constant_product.amount_in(amount_out, reserve_in, reserve_out, books.fee_of(pool))


def book_swap(pool: books.Books, a_to_b: bool, paid_in: int, paid_out: int, now: int) -> None:
    """Book a swap of amounts of which one is computed from the other.

    The product of the reserves is not checked again: with these formulas it cannot shrink.
    """
    reserve_in, reserve_out = ordered(a_to_b, *books.reserves_of(pool))
    after = ordered(a_to_b, reserve_in + paid_in, reserve_out - paid_out)
    books.set_reserves(pool, after, now)
