"""Adding liquidity to a position and taking it out. After v3's mint, burn and Position.

Amounts owed to the pool are rounded up, those owed by it down. Fees are credited to a position
whenever its liquidity changes, or when it is changed by zero.
"""

from __future__ import annotations

from ....kit import require
from ..errors import ClmmError
from ..maths.fixed_point import U128_END, wrap256
from ..maths.price_moves import amount0_between, amount1_between
from ..maths.tick_prices import TICK_MAX, TICK_MIN, sqrt_price_at
from ..state import Observations, Pool, Position, Tick
from .observations import observe, write_observation
from .tick_arrays import TickArrays
from .ticks import (
    Growth,
    add_liquidity,
    change_tick,
    fee_growth_inside,
    liquidity_per_tick_max,
)


def check_range(lower: int, upper: int) -> None:
    """Fails unless the ticks are in order and have prices."""
    require(lower < upper, ClmmError.TicksOutOfOrder)
    require(lower >= TICK_MIN, ClmmError.TickTooLow)
    require(upper <= TICK_MAX, ClmmError.TickTooHigh)


def change_liquidity(
    pool: Pool, ticks: TickArrays, position: Position, past: Observations, delta: int, time: int
) -> tuple[int, int]:
    """Add `delta`, which may be negative, to a position; what it owes the pool of either token.

    The pool and the observations are written only if the price is in the range, or the range is
    next to it.
    """
    check_range(position.lower, position.upper)
    inside = _change_ticks(pool, ticks, position, past, delta, time)
    _credit_fees(position, inside, delta)
    if delta == 0:
        return 0, 0
    if position.lower <= pool.tick < position.upper:
        write_observation(past, time, pool.tick, pool.liquidity)
        pool.liquidity = add_liquidity(pool.liquidity, delta)
    return amounts_for(pool, position, delta)


def take_out(
    pool: Pool, ticks: TickArrays, position: Position, past: Observations, amount: int, time: int
) -> tuple[int, int]:
    """Take liquidity out of a position; what it was worth is owed to the position from then on."""
    paid0, paid1 = change_liquidity(pool, ticks, position, past, -amount, time)
    position.owed0 = (position.owed0 - paid0) % U128_END
    position.owed1 = (position.owed1 - paid1) % U128_END
    return -paid0, -paid1


def amounts_for(pool: Pool, position: Position, delta: int) -> tuple[int, int]:
    """What liquidity in the position's range is worth at the pool's price, in either token."""
    low, high = sqrt_price_at(position.lower), sqrt_price_at(position.upper)
    price = pool.sqrt_price
    if pool.tick < position.lower:
        price = low
    elif pool.tick >= position.upper:
        price = high
    size, sign = abs(delta), 1 if delta > 0 else -1
    amount0 = amount0_between(price, high, size, delta > 0)
    amount1 = amount1_between(low, price, size, delta > 0)
    return sign * amount0, sign * amount1


def is_beyond_range(pool: Pool, position: Position) -> bool:
    """Whether the position begins and ends beyond where the next step of any swap ends.

    Then neither the pool's liquidity nor its known floor and ceiling depend on it.
    """
    above = 0 < pool.ceiling_price < sqrt_price_at(position.lower)
    below = sqrt_price_at(position.upper) < pool.floor_price
    return above or below


def _change_ticks(
    pool: Pool, ticks: TickArrays, position: Position, past: Observations, delta: int, time: int
) -> tuple[int, int]:
    """Change both ends of the range; the growth of fees inside it, before an end is cleared."""
    ends = position.lower, position.upper
    pair = ticks.tick(ends[0]), ticks.tick(ends[1])
    flipped = [False, False]
    if delta:
        tick_sum, seconds = observe(past, time, 0, pool.tick, pool.liquidity)
        growth = Growth(pool.fee_growth0, pool.fee_growth1, tick_sum, seconds, time)
        most = liquidity_per_tick_max(pool.tick_spacing)
        for side, (index, tick) in enumerate(zip(ends, pair, strict=True)):
            flipped[side] = change_tick(
                tick, index, pool.tick, delta, growth, upper=side == 1, most=most
            )
    inside = fee_growth_inside(*pair, ends, pool.tick, (pool.fee_growth0, pool.fee_growth1))
    if delta:
        _store_ticks(pool, ticks, ends, pair, flipped)
    return inside


def _store_ticks(
    pool: Pool,
    ticks: TickArrays,
    ends: tuple[int, int],
    pair: tuple[Tick, Tick],
    flipped: list[bool],
) -> None:
    for index, tick, changed in zip(ends, pair, flipped, strict=True):
        ticks.put(index, tick)
        if changed:
            _note_flip(pool, index, used=tick.liquidity_gross > 0)


def _note_flip(pool: Pool, index: int, *, used: bool) -> None:
    """Keep the known floor and ceiling right, or forget them, when a tick's use changes."""
    price = sqrt_price_at(index)
    if index <= pool.tick:
        if used and 0 < pool.floor_price < price:
            pool.floor_price = price
        elif not used and price == pool.floor_price:
            pool.floor_price = 0
    elif used and price < pool.ceiling_price:
        pool.ceiling_price = price
    elif not used and price == pool.ceiling_price:
        pool.ceiling_price = 0


def _credit_fees(position: Position, inside: tuple[int, int], delta: int) -> None:
    held = position.liquidity
    require(delta != 0 or held > 0, ClmmError.NoPosition)
    earned0 = wrap256(inside[0] - position.fee_growth_inside0) * held >> 128
    earned1 = wrap256(inside[1] - position.fee_growth_inside1) * held >> 128
    position.liquidity = add_liquidity(held, delta)
    position.fee_growth_inside0, position.fee_growth_inside1 = inside
    position.owed0 = (position.owed0 + earned0) % U128_END
    position.owed1 = (position.owed1 + earned1) % U128_END
