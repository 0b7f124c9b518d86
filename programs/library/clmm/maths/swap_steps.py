"""One step of a swap: towards a target price, at a constant liquidity.

As Uniswap v3's SwapMath. The fee is taken from what is paid in and rounded up; where an exact
input does not reach the target, all that is left of it is fee.
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import div_up
from .fixed_point import FEE_UNIT
from .price_moves import amount0_between, amount1_between, price_after_input, price_after_output


class SwapStep(NamedTuple):
    """The price after the step, and the amounts moved; `fee` is paid on top of `amount_in`."""

    sqrt_price: int
    amount_in: int
    amount_out: int
    fee: int


def swap_step(
    sqrt_price: int, target: int, liquidity: int, remaining: int, fee_pips: int
) -> SwapStep:
    """Move towards `target`, spending `remaining` (exact input) or, if negative, receiving it.

    >>> swap_step(2**96, 2**97, liquidity=10**6, remaining=1_000, fee_pips=3_000)
    SwapStep(sqrt_price=79307152992291059138124713654, amount_in=997, amount_out=996, fee=3)
    """
    zero_for_one = sqrt_price >= target
    if remaining >= 0:
        after = _after_input(sqrt_price, target, liquidity, remaining, fee_pips)
    else:
        after = _after_output(sqrt_price, target, liquidity, -remaining)
    amount_in = _paid_in(sqrt_price, after, liquidity, zero_for_one)
    amount_out = _paid_out(sqrt_price, after, liquidity, zero_for_one)
    if remaining >= 0 and after != target:
        return SwapStep(after, amount_in, amount_out, remaining - amount_in)
    if remaining < 0:
        amount_out = min(amount_out, -remaining)
    fee = div_up(amount_in * fee_pips, FEE_UNIT - fee_pips)
    return SwapStep(after, amount_in, amount_out, fee)


def _after_input(sqrt_price: int, target: int, liquidity: int, amount: int, fee_pips: int) -> int:
    zero_for_one = sqrt_price >= target
    without_fee = amount * (FEE_UNIT - fee_pips) // FEE_UNIT
    if without_fee >= _paid_in(sqrt_price, target, liquidity, zero_for_one):
        return target
    return price_after_input(sqrt_price, liquidity, without_fee, zero_for_one)


def _after_output(sqrt_price: int, target: int, liquidity: int, amount: int) -> int:
    zero_for_one = sqrt_price >= target
    if amount >= _paid_out(sqrt_price, target, liquidity, zero_for_one):
        return target
    return price_after_output(sqrt_price, liquidity, amount, zero_for_one)


def _paid_in(sqrt_price: int, after: int, liquidity: int, zero_for_one: bool) -> int:
    between = amount0_between if zero_for_one else amount1_between
    return between(sqrt_price, after, liquidity, True)


def _paid_out(sqrt_price: int, after: int, liquidity: int, zero_for_one: bool) -> int:
    between = amount1_between if zero_for_one else amount0_between
    return between(sqrt_price, after, liquidity, False)
