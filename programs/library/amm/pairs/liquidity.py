"""Deposits for shares, withdrawals of shares, and the protocol's part.

Deposits and withdrawals book the protocol's part exactly when Uniswap v2 mints it, but leave its
token account alone: it would be one hot account of all pools.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import burn_in, mint_out, move_in, move_out
from ..authority import Authority
from ..errors import AmmError
from ..events import Deposited, FeesCollected, Withdrawn
from ..program import amm
from ..state import Exchange, Pool
from ..vaults import require_pair, require_same
from . import books
from .constant_product import deposit_within


@amm.instruction(tag=6)
def mint(
    ctx: Context,
    pool: Mut[Pool],
    exchange: Exchange,
    authority: Authority,
    vault_a: Mut[UncheckedAccount],
    vault_b: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source_a: Mut[UncheckedAccount],
    source_b: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount_a: u64,
    amount_b: u64,
    shares_min: u64,
) -> None:
    """Deposit exactly these amounts for shares; what is out of proportion is given to the holders.

    The first deposit sets the price, and 1,000 of its shares stay locked for ever.
    """
    require_pair(pool, vault_a, vault_b)
    require_same(exchange, pool.exchange)
    require_same(share_mint, pool.share_mint)
    shares = books.deposit(pool, (amount_a, amount_b), exchange.fee_on, ctx.clock.unix_timestamp)
    require(shares >= shares_min, AmmError.ExceededSlippage)
    move_in(ctx, source_a, vault_a, owner, amount_a)
    move_in(ctx, source_b, vault_b, owner, amount_b)
    seeds = authority_seeds(pool.key, pool.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, shares)
    ctx.emit(Deposited(pool=pool.key, amount_a=amount_a, amount_b=amount_b, shares=shares))


@amm.instruction(tag=7)
def add_liquidity(
    ctx: Context,
    pool: Mut[Pool],
    exchange: Exchange,
    authority: Authority,
    vault_a: Mut[UncheckedAccount],
    vault_b: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source_a: Mut[UncheckedAccount],
    source_b: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    amount_a_max: u64,
    amount_b_max: u64,
    amount_a_min: u64,
    amount_b_min: u64,
) -> None:
    """Deposit as much as has the pool's proportion, within these limits, for shares."""
    amount_a, amount_b = deposit_within(
        (amount_a_max, amount_b_max), books.reserves_of(pool), (amount_a_min, amount_b_min)
    )
    mint.handler(
        ctx,
        pool,
        exchange,
        authority,
        vault_a,
        vault_b,
        share_mint,
        source_a,
        source_b,
        destination,
        owner,
        amount_a,
        amount_b,
        0,
    )


@amm.instruction(tag=8)
def burn(
    ctx: Context,
    pool: Mut[Pool],
    exchange: Exchange,
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
    """Burn shares for their part of both reserves."""
    require_pair(pool, vault_a, vault_b)
    require_same(exchange, pool.exchange)
    require_same(share_mint, pool.share_mint)
    require((shares > 0) & (shares <= pool.supply), AmmError.InvalidShares)
    a, b = books.withdraw(pool, shares, exchange.fee_on, ctx.clock.unix_timestamp)
    require((a >= amount_a_min) & (b >= amount_b_min), AmmError.ExceededSlippage)
    burn_in(ctx, share_mint, source, owner, shares)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_a, destination_a, authority, seeds, a)
    move_out(ctx, vault_b, destination_b, authority, seeds, b)
    ctx.emit(Withdrawn(pool=pool.key, amount_a=a, amount_b=b, shares=shares))


@amm.instruction(tag=9)
def collect_protocol_fee(
    ctx: Context,
    pool: Mut[Pool],
    exchange: Exchange,
    authority: Authority,
    share_mint: Mut[UncheckedAccount],
    destination: Mut[TokenAccount],
) -> None:
    """Mint the shares that the pool owes the protocol; anyone may call this."""
    require_same(exchange, pool.exchange)
    require_same(share_mint, pool.share_mint)
    right = exchange.fee_to == destination.token_owner
    require(right, AmmError.WrongAuthority, account=destination)
    owed = pool.protocol_shares
    require(owed > 0, AmmError.NoFees)
    pool.protocol_shares = 0
    seeds = authority_seeds(pool.key, pool.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, owed)
    ctx.emit(FeesCollected(pool=pool.key, shares=owed))
