"""Swaps of one token of a pool for the other, and quotes of them."""

from __future__ import annotations

from ....primitives.integers import U64_MAX
from ...kit import Context, Mut, Signer, UncheckedAccount, require, select, u64, u256
from ..authorities import authority_seeds
from ..token_moves import move_in, move_out
from .accounts import now, require_observations, ticks_of
from .errors import ClmmError
from .events import Swapped
from .program import clmm
from .returns import SwapQuote
from .state import Observations, Pool, TickArray, TickArrayMap
from .transitions import swaps
from .transitions.swaps import Order, price_limit


@clmm.instruction(tag=12)
def swap(
    ctx: Context,
    pool: Mut[Pool],
    observations: Mut[Observations],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    vault_in: Mut[UncheckedAccount],
    vault_out: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    owner: Signer,
    tick_map: TickArrayMap,
    arrays: list[Mut[TickArray]],
    zero_for_one: bool,
    exact_in: bool,
    amount: u64,
    threshold: u64,
    sqrt_price_limit: u256,
) -> None:
    """Swap token 0 for token 1, or the other way, until the amount or the price limit is reached.

    `amount` is what is paid in if `exact_in`, with at least `threshold` received; else what is
    received, for at most `threshold`. A limit of 0 is none. `arrays`: the tick arrays that the pool
    has from its price to where the swap ends, in any order; more do no harm.
    """
    require_observations(pool, observations)
    require_direction(pool, vault_in, vault_out, zero_for_one)
    order = _order(zero_for_one, exact_in, amount, sqrt_price_limit)
    ticks = ticks_of(pool, arrays, tick_map)
    amounts = swaps.swap(pool, ticks, observations, order, now(ctx))
    paid, received = (amounts[0], -amounts[1]) if zero_for_one else (amounts[1], -amounts[0])
    require(received <= U64_MAX, ClmmError.AmountOverflow)
    if exact_in:
        require(received >= threshold, ClmmError.TooLittleReceived)
    else:
        require(paid <= threshold, ClmmError.TooMuchRequested)
    move_out(ctx, vault_out, destination, authority, authority_seeds(pool.key, pool.bump), received)
    move_in(ctx, source, vault_in, owner, paid)
    ctx.emit(
        Swapped(
            pool=pool.key,
            zero_for_one=zero_for_one,
            amount_in=paid,
            amount_out=received,
            sqrt_price=pool.sqrt_price,
            liquidity=pool.liquidity,
            tick=pool.tick,
        )
    )


@clmm.instruction(tag=13)
def quote_swap(
    ctx: Context,
    pool: Pool,
    observations: Observations,
    tick_map: TickArrayMap,
    arrays: list[TickArray],
    zero_for_one: bool,
    exact_in: bool,
    amount: u64,
    sqrt_price_limit: u256,
) -> None:
    """Return what a swap would move, as SwapQuote, and change nothing."""
    require_observations(pool, observations)
    order = _order(zero_for_one, exact_in, amount, sqrt_price_limit)
    ticks = ticks_of(pool, arrays, tick_map)
    state = Pool.decode(bytes(pool.data))
    past = Observations.decode(bytes(observations.data))
    amounts = swaps.swap(state, ticks.copy(), past, order, now(ctx))
    quote = SwapQuote(
        amount0=amounts[0], amount1=amounts[1], sqrt_price=state.sqrt_price, tick=state.tick
    )
    ctx.set_return_data(quote.encode())


def require_direction(
    pool: Pool, vault_in: UncheckedAccount, vault_out: UncheckedAccount, zero_for_one: bool
) -> None:
    """Fails with WrongAccount unless these are the pool's vaults, in the order of the swap."""
    paid_to = select(zero_for_one, pool.vault0, pool.vault1)
    paid_from = select(zero_for_one, pool.vault1, pool.vault0)
    require(vault_in.key == paid_to, ClmmError.WrongAccount, account=vault_in)
    require(vault_out.key == paid_from, ClmmError.WrongAccount, account=vault_out)


def _order(zero_for_one: bool, exact_in: bool, amount: int, limit: int) -> Order:
    return Order(zero_for_one, amount if exact_in else -amount, price_limit(zero_for_one, limit))
