"""Swaps across ticks, up to a limit of the price. After v3's swap.

A swap goes in steps; each ends at the next tick in use, at the edge of a word of ticks, at the
limit, or where the amount is used up.
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import require
from ..errors import ClmmError
from ..maths.fixed_point import Q128, U128_END, wrap256
from ..maths.swap_steps import SwapStep, swap_step
from ..maths.tick_prices import SQRT_PRICE_MAX, SQRT_PRICE_MIN, sqrt_price_at, tick_at
from ..state import Observations, Pool
from .observations import observe, write_observation
from .tick_arrays import TickArrays, word_of
from .ticks import Growth, add_liquidity, cross_tick


class Order(NamedTuple):
    """A swap as asked for. `amount`: paid in exactly, or, if negative, received exactly."""

    zero_for_one: bool
    amount: int
    limit: int


def price_limit(zero_for_one: bool, limit: int) -> int:
    """The limit, or, for 0, the furthest that there is."""
    return limit or (SQRT_PRICE_MIN + 1 if zero_for_one else SQRT_PRICE_MAX - 1)


def require_order(pool: Pool, order: Order) -> None:
    """Fails with AmountZero or PriceLimit."""
    require(order.amount != 0, ClmmError.AmountZero)
    if order.zero_for_one:
        fits = SQRT_PRICE_MIN < order.limit < pool.sqrt_price
    else:
        fits = pool.sqrt_price < order.limit < SQRT_PRICE_MAX
    require(fits, ClmmError.PriceLimit)


def swap(
    pool: Pool, ticks: TickArrays, past: Observations, order: Order, time: int
) -> tuple[int, int]:
    """Swap, and change the pool; what it gets of either token, negative for what it pays."""
    require_order(pool, order)
    under_way = _Swap(pool, ticks, past, order, time)
    if not under_way.finish_in_range():
        under_way.run()
    return under_way.amounts()


def find_range(pool: Pool, ticks: TickArrays) -> None:
    """Set the pool's floor and ceiling: where the next step ends, as far as the arrays tell."""
    pool.floor_price = _end_price(ticks, pool.tick, zero_for_one=True)
    pool.ceiling_price = _end_price(ticks, pool.tick, zero_for_one=False)


def set_tick(pool: Pool, tick: int) -> None:
    """Set the pool's tick, and between which prices it is."""
    pool.tick = tick
    pool.tick_price, pool.tick_end_price = sqrt_price_at(tick), sqrt_price_at(tick + 1)


def _end_price(ticks: TickArrays, tick: int, *, zero_for_one: bool) -> int:
    found = ticks.find_step_end(tick, zero_for_one)
    return 0 if found is None else sqrt_price_at(found[0])


class _Swap:
    """A swap under way. The pool itself is not changed before the last step is taken."""

    def __init__(
        self, pool: Pool, ticks: TickArrays, past: Observations, order: Order, time: int
    ) -> None:
        self.pool, self.ticks, self.past, self.order, self.time = pool, ticks, past, order, time
        down = order.zero_for_one
        self.protocol_share = pool.fee_protocol0 if down else pool.fee_protocol1
        self.fee_growth = pool.fee_growth0 if down else pool.fee_growth1
        self.sqrt_price, self.tick, self.liquidity = pool.sqrt_price, pool.tick, pool.liquidity
        self.remaining = order.amount
        self.other = 0  # of the other token: what is paid in, or, negative, what is paid out
        self.protocol_fee = 0

    def finish_in_range(self) -> bool:
        """Do the whole swap in one step, if it ends before the pool's floor or ceiling.

        Where these are not known, before the end of its tick. Then no other tick is needed, and the
        floor and ceiling stay as they are.
        """
        pool, down = self.pool, self.order.zero_for_one
        if down:
            bound = pool.floor_price or pool.tick_price
        else:
            bound = pool.ceiling_price or pool.tick_end_price
        if bound == 0:
            return False
        step = self._step_towards(bound)
        if step.sqrt_price == bound:
            return False
        self._add(step)
        if step.sqrt_price != pool.sqrt_price:
            self.tick = tick_at(step.sqrt_price)
        same_word = word_of(self.tick, pool.tick_spacing) == word_of(pool.tick, pool.tick_spacing)
        self._store()
        if not same_word:
            find_range(pool, self.ticks)
        return True

    def run(self) -> None:
        while self.remaining != 0 and self.sqrt_price != self.order.limit:
            self._take_step()
        self._store()
        find_range(self.pool, self.ticks)

    def amounts(self) -> tuple[int, int]:
        """What the pool gets of either token, negative for what it pays."""
        spent = self.order.amount - self.remaining
        exact0 = self.order.zero_for_one == (self.order.amount > 0)
        return (spent, self.other) if exact0 else (self.other, spent)

    def _take_step(self) -> None:
        down = self.order.zero_for_one
        end, used = self.ticks.step_end(self.tick, down)
        end_price, start_price = sqrt_price_at(end), self.sqrt_price
        self._add(self._step_towards(end_price))
        if self.sqrt_price == end_price:
            if used:
                self._cross(end)
            self.tick = end - 1 if down else end
        elif self.sqrt_price != start_price:
            self.tick = tick_at(self.sqrt_price)

    def _step_towards(self, price: int) -> SwapStep:
        target = (max if self.order.zero_for_one else min)(price, self.order.limit)
        return swap_step(
            self.sqrt_price, target, self.liquidity, self.remaining, self.pool.fee_pips
        )

    def _add(self, step: SwapStep) -> None:
        self.sqrt_price = step.sqrt_price
        self._share_fee(step.fee)
        if self.order.amount > 0:
            self.remaining -= step.amount_in + step.fee
            self.other -= step.amount_out
        else:
            self.remaining += step.amount_out
            self.other += step.amount_in + step.fee

    def _share_fee(self, fee: int) -> None:
        for_protocol = fee // self.protocol_share if self.protocol_share else 0
        self.protocol_fee += for_protocol
        if self.liquidity:
            grown = (fee - for_protocol) * Q128 // self.liquidity
            self.fee_growth = wrap256(self.fee_growth + grown)

    def _cross(self, index: int) -> None:
        pool, down = self.pool, self.order.zero_for_one
        fee0 = self.fee_growth if down else pool.fee_growth0
        fee1 = pool.fee_growth1 if down else self.fee_growth
        sums = observe(self.past, self.time, 0, pool.tick, pool.liquidity)
        tick = self.ticks.tick(index)
        cross_tick(tick, Growth(fee0, fee1, *sums, self.time))
        self.ticks.put(index, tick)
        net = -tick.liquidity_net if down else tick.liquidity_net
        self.liquidity = add_liquidity(self.liquidity, net)

    def _store(self) -> None:
        pool = self.pool
        if self.tick != pool.tick:
            write_observation(self.past, self.time, pool.tick, pool.liquidity)
            set_tick(pool, self.tick)
        pool.sqrt_price, pool.liquidity = self.sqrt_price, self.liquidity
        if self.order.zero_for_one:
            pool.fee_growth0 = self.fee_growth
            pool.protocol_fees0 = (pool.protocol_fees0 + self.protocol_fee) % U128_END
        else:
            pool.fee_growth1 = self.fee_growth
            pool.protocol_fees1 = (pool.protocol_fees1 + self.protocol_fee) % U128_END
