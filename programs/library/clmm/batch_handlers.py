"""Swaps of many pools at once: those of an exact input that stay within the pool's present tick.

Then liquidity, tick, past prices and the known range stay as they are, and one step is all. Every
other swap, and one that names tick arrays, is the scalar handler's.
"""

from __future__ import annotations

from ....primitives.integers import U64_MAX
from ...kit import (
    Context,
    Signer,
    UncheckedAccount,
    mul_div,
    only_where,
    require,
    select,
    u64,
    u256,
)
from ..authorities import authority_seeds
from ..token_moves import move_in, move_out
from .accounts import require_observations, require_tick_map
from .errors import ClmmError
from .events import Swapped
from .maths.fixed_point import FEE_UNIT, Q128
from .maths.price_moves import (
    amount0_between,
    amount1_between,
    price_after_adding0,
    price_after_adding1,
)
from .maths.tick_prices import SQRT_PRICE_MAX, SQRT_PRICE_MIN
from .state import Observations, Pool, TickArray, TickArrayMap
from .swapping import require_direction, swap


@swap.batch
def swap_rows(
    ctx: Context,
    pool: Pool,
    observations: Observations,
    source: UncheckedAccount,
    destination: UncheckedAccount,
    vault_in: UncheckedAccount,
    vault_out: UncheckedAccount,
    authority: UncheckedAccount,
    owner: Signer,
    tick_map: TickArrayMap,
    arrays: list[TickArray],
    zero_for_one: bool,
    exact_in: bool,
    amount: u64,
    threshold: u64,
    sqrt_price_limit: u256,
) -> None:
    """`swap` for all rows at once."""
    del arrays  # there are none
    require_observations(pool, observations)
    require_tick_map(pool, tick_map)
    require_direction(pool, vault_in, vault_out, zero_for_one)
    only_where(exact_in)
    only_where(amount > 0)
    only_where(pool.liquidity > 0)
    after = _price_after(pool, zero_for_one, amount)
    _only_within_tick(pool, zero_for_one, after, sqrt_price_limit)
    paid = _paid(pool, zero_for_one, after)
    received = _received(pool, zero_for_one, after)
    require(received <= U64_MAX, ClmmError.AmountOverflow)
    require(received >= threshold, ClmmError.TooLittleReceived)
    _share_fee(pool, zero_for_one, amount - paid)
    pool.sqrt_price = after
    move_out(ctx, vault_out, destination, authority, authority_seeds(pool.key, pool.bump), received)
    move_in(ctx, source, vault_in, owner, amount)
    ctx.emit(
        Swapped(
            pool=pool.key,
            zero_for_one=zero_for_one,
            amount_in=amount,
            amount_out=received,
            sqrt_price=after,
            liquidity=pool.liquidity,
            tick=pool.tick,
        )
    )


def _price_after(pool: Pool, zero_for_one: bool, amount: int) -> int:
    price, liquidity = pool.sqrt_price, pool.liquidity
    without_fee = mul_div(amount, FEE_UNIT - pool.fee_pips, FEE_UNIT)
    return select(
        zero_for_one,
        price_after_adding0(price, liquidity, without_fee),
        price_after_adding1(price, liquidity, without_fee),
    )


def _only_within_tick(pool: Pool, zero_for_one: bool, after: int, limit: int) -> None:
    """Only prices within the tick, and short of a limit that can be; 0 is none."""
    price, none = pool.sqrt_price, limit == 0
    only_where(pool.tick_price < after)
    only_where(after < pool.tick_end_price)
    falling = none | ((limit > SQRT_PRICE_MIN) & (limit < after))
    rising = none | ((after < limit) & (limit < SQRT_PRICE_MAX))
    only_where(select(zero_for_one, falling & (after <= price), rising & (price <= after)))


def _paid(pool: Pool, zero_for_one: bool, after: int) -> int:
    price, liquidity = pool.sqrt_price, pool.liquidity
    return select(
        zero_for_one,
        amount0_between(price, after, liquidity, True),
        amount1_between(price, after, liquidity, True),
    )


def _received(pool: Pool, zero_for_one: bool, after: int) -> int:
    price, liquidity = pool.sqrt_price, pool.liquidity
    return select(
        zero_for_one,
        amount1_between(price, after, liquidity, False),
        amount0_between(price, after, liquidity, False),
    )


def _share_fee(pool: Pool, zero_for_one: bool, fee: int) -> None:
    share = select(zero_for_one, pool.fee_protocol0, pool.fee_protocol1)
    for_protocol = select(share == 0, 0, fee // select(share == 0, 1, share))
    grown = mul_div(fee - for_protocol, Q128, pool.liquidity)
    pool.fee_growth0 += select(zero_for_one, grown, 0)
    pool.fee_growth1 += select(zero_for_one, 0, grown)
    pool.protocol_fees0 += select(zero_for_one, for_protocol, 0)
    pool.protocol_fees1 += select(zero_for_one, 0, for_protocol)
