"""Figures for callers, returned as return data: nothing here writes an account.

Transactions that only ask conflict with those that trade, but never with each other.
"""

from __future__ import annotations

from ....kit import Context, Layout, Pubkey, UncheckedAccount, require, u64, u256
from ..direction import ordered
from ..errors import AmmError
from ..program import AMM_ID, amm
from ..state import Exchange, Pool
from ..vaults import require_same
from . import arbitrage, books, constant_product
from .paths import Step, amounts_in, amounts_out
from .price_sums import seconds_between, sums_after, wrapped_time
from .swaps import price_of


class Amount(Layout):
    """One amount."""

    amount: u64


class Amounts(Layout):
    """An amount for each token of a path, first to last."""

    amounts: list[u64]


class Both(Layout):
    """An amount of each token."""

    a: u64
    b: u64


class PriceSums(Layout):
    """Both price sums as of now, and the time in seconds as pools store it."""

    price_a_sum: u256
    price_b_sum: u256
    time: u64


@amm.instruction(tag=17)
def quote(ctx: Context, pool: Pool, of_a: bool, amount: u64) -> None:
    """Return what `amount` of a or b is worth at the present ratio, without fee, as `Amount`."""
    reserve, other = ordered(of_a, *books.reserves_of(pool))
    _return(ctx, Amount(amount=constant_product.quote(amount, reserve, other)))


@amm.instruction(tag=18)
def quote_exact_in(ctx: Context, pool: Pool, a_to_b: bool, amount_in: u64) -> None:
    """Return what `amount_in` buys, as `Amount`."""
    _return(ctx, Amount(amount=amounts_out([Step(pool, a_to_b)], amount_in)[1]))


@amm.instruction(tag=19)
def quote_exact_out(ctx: Context, pool: Pool, a_to_b: bool, amount_out: u64) -> None:
    """Return what `amount_out` costs, as `Amount`."""
    _return(ctx, Amount(amount=price_of(pool, a_to_b, amount_out)))


@amm.instruction(tag=20)
def quote_hops_exact_in(
    ctx: Context, pools: list[UncheckedAccount], mint_in: Pubkey, amount_in: u64
) -> None:
    """Return the amounts along a path of pools that begins with `mint_in`, as `Amounts`."""
    _return(ctx, Amounts(amounts=amounts_out(_path(pools, mint_in), amount_in)))


@amm.instruction(tag=21)
def quote_hops_exact_out(
    ctx: Context, pools: list[UncheckedAccount], mint_in: Pubkey, amount_out: u64
) -> None:
    """Return the amounts along a path of pools that ends in `amount_out`, as `Amounts`."""
    _return(ctx, Amounts(amounts=amounts_in(_path(pools, mint_in), amount_out)))


@amm.instruction(tag=22)
def observe(ctx: Context, pool: Pool) -> None:
    """Return the price sums as if the pool had been written now, as `PriceSums`."""
    now = wrapped_time(ctx.clock.unix_timestamp)
    seconds = seconds_between(pool.updated_at, now)
    sums = (pool.price_a_sum, pool.price_b_sum)
    a, b = sums_after(sums, books.reserves_of(pool), seconds)
    _return(ctx, PriceSums(price_a_sum=a, price_b_sum=b, time=now))


@amm.instruction(tag=23)
def value_shares(ctx: Context, pool: Pool, exchange: Exchange, shares: u64) -> None:
    """Return what these shares would be paid now, as `Both`."""
    require_same(exchange, pool.exchange)
    a, b = arbitrage.share_value(pool, shares, exchange.fee_on)
    _return(ctx, Both(a=a, b=b))


@amm.instruction(tag=24)
def value_shares_at_price(
    ctx: Context, pool: Pool, exchange: Exchange, shares: u64, price_a: u64, price_b: u64
) -> None:
    """Return the same once the pool is traded to where `price_a` of a are worth `price_b` of b."""
    require_same(exchange, pool.exchange)
    require(price_a > 0 and price_b > 0, AmmError.ZeroPrice)
    price = (price_a, price_b)
    a, b = arbitrage.share_value_at_price(pool, shares, exchange.fee_on, price)
    _return(ctx, Both(a=a, b=b))


@amm.instruction(tag=25)
def quote_arbitrage(ctx: Context, pool: Pool, price_a: u64, price_b: u64) -> None:
    """Return the reserves once the pool is traded to that price, as `Both`."""
    require(price_a > 0 and price_b > 0, AmmError.ZeroPrice)
    fee = books.fee_of(pool)
    a, b = arbitrage.arbitraged_reserves(books.reserves_of(pool), (price_a, price_b), fee)
    _return(ctx, Both(a=a, b=b))


def _path(accounts: list[UncheckedAccount], mint_in: Pubkey) -> list[Step]:
    require(len(accounts) > 0, AmmError.InvalidPath)
    path: list[Step] = []
    for account in accounts:
        require(account.owner == AMM_ID, AmmError.InvalidPath, account=account)
        pool = Pool.view(account)
        a_to_b = mint_in == pool.mint_a
        require(a_to_b or mint_in == pool.mint_b, AmmError.InvalidPath, account=account)
        path.append(Step(pool, a_to_b))
        mint_in = pool.mint_b if a_to_b else pool.mint_a
    return path


def _return(ctx: Context, figures: Layout) -> None:
    ctx.set_return_data(figures.encode())
