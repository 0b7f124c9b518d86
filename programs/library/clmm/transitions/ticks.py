"""Ticks: liquidity that begins or ends there, and growth on their other side. After v3's Tick."""

from __future__ import annotations

from typing import NamedTuple

from ....kit import require
from ..errors import ClmmError
from ..maths.fixed_point import U128_END, U160_END, wrap256
from ..maths.tick_prices import TICK_MAX, TICK_MIN
from ..state import Tick


class Growth(NamedTuple):
    """The pool's sums at one time: fees, and what the observations add up."""

    fee0: int
    fee1: int
    tick_cumulative: int
    seconds_per_liquidity: int
    time: int


def liquidity_per_tick_max(spacing: int) -> int:
    """The most liquidity at one tick: with all ticks there, the sum still fits u128.

    >>> liquidity_per_tick_max(60)
    11505743598341114571880798222544994
    """
    count = TICK_MAX // spacing - -(-TICK_MIN // spacing) + 1
    return (U128_END - 1) // count


def add_liquidity(liquidity: int, delta: int) -> int:
    """The sum. Fails with LiquidityUnderflow below zero, LiquidityOverflow beyond u128."""
    total = liquidity + delta
    require(total >= 0, ClmmError.LiquidityUnderflow)
    require(total < U128_END, ClmmError.LiquidityOverflow)
    return total


def change_tick(
    tick: Tick, index: int, current: int, delta: int, growth: Growth, *, upper: bool, most: int
) -> bool:
    """Add liquidity that begins here, or ends if `upper`; whether the tick's use begins or ends.

    By convention all growth before a tick is in use is below it.
    """
    before = tick.liquidity_gross
    after = add_liquidity(before, delta)
    require(after <= most, ClmmError.TickLiquidityOverflow)
    if before == 0 and index <= current:
        tick.fee_growth_outside0 = growth.fee0
        tick.fee_growth_outside1 = growth.fee1
        tick.tick_cumulative_outside = growth.tick_cumulative
        tick.seconds_per_liquidity_outside = growth.seconds_per_liquidity
        tick.seconds_outside = growth.time
    tick.liquidity_gross = after
    tick.liquidity_net += -delta if upper else delta
    return (after == 0) != (before == 0)


def cross_tick(tick: Tick, growth: Growth) -> None:
    """Turn the tick's other side around, as the price moves past it."""
    tick.fee_growth_outside0 = wrap256(growth.fee0 - tick.fee_growth_outside0)
    tick.fee_growth_outside1 = wrap256(growth.fee1 - tick.fee_growth_outside1)
    tick.tick_cumulative_outside = growth.tick_cumulative - tick.tick_cumulative_outside
    seconds = growth.seconds_per_liquidity - tick.seconds_per_liquidity_outside
    tick.seconds_per_liquidity_outside = seconds % U160_END
    tick.seconds_outside = (growth.time - tick.seconds_outside) % (1 << 32)


def fee_growth_inside(
    lower: Tick, upper: Tick, ticks: tuple[int, int], current: int, growth: tuple[int, int]
) -> tuple[int, int]:
    """Fees per liquidity of either token between two ticks, mod 2 ** 256."""
    outside = (
        (lower.fee_growth_outside0, upper.fee_growth_outside0),
        (lower.fee_growth_outside1, upper.fee_growth_outside1),
    )
    inside = [
        _inside(*sides, ticks, current, total) for sides, total in zip(outside, growth, strict=True)
    ]
    return inside[0], inside[1]


def _inside(lower: int, upper: int, ticks: tuple[int, int], current: int, total: int) -> int:
    below = lower if current >= ticks[0] else total - lower
    above = upper if current < ticks[1] else total - upper
    return wrap256(total - below - above)
