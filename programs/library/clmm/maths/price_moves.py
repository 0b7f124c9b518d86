"""Amounts between two prices, and the price after an amount, at a constant liquidity.

As Uniswap v3's SqrtPriceMath. With L the liquidity and p the square root of the price, a move
between a and b takes L * (1/a - 1/b) of token 0 and L * (b - a) of token 1. What is paid in is
rounded up and what is paid out down; a price is rounded so that a move never passes what the amount
is worth. All rounding favours the pool.
"""

from __future__ import annotations

from ....kit import require
from ..errors import ClmmError
from .fixed_point import Q96, U160_END, U256_END, div_up


def amount0_between(a: int, b: int, liquidity: int, round_up: bool) -> int:
    """Token 0 between two square roots of prices, in either order."""
    low, high = min(a, b), max(a, b)
    require(low > 0, ClmmError.PriceZero)
    product = (liquidity << 96) * (high - low)
    return div_up(div_up(product, high), low) if round_up else product // high // low


def amount1_between(a: int, b: int, liquidity: int, round_up: bool) -> int:
    """Token 1 between two square roots of prices, in either order."""
    product = liquidity * abs(b - a)
    return div_up(product, Q96) if round_up else product // Q96


def price_after_input(sqrt_price: int, liquidity: int, amount: int, zero_for_one: bool) -> int:
    """The price after an amount is paid in: of token 0 if `zero_for_one`, else of token 1."""
    _require_pool(sqrt_price, liquidity)
    if zero_for_one:
        return _price_after_adding0(sqrt_price, liquidity, amount)
    price = sqrt_price + amount * Q96 // liquidity
    require(price < U160_END, ClmmError.PriceOverflow)
    return price


def price_after_output(sqrt_price: int, liquidity: int, amount: int, zero_for_one: bool) -> int:
    """The price after an amount is paid out: of token 1 if `zero_for_one`, else of token 0."""
    _require_pool(sqrt_price, liquidity)
    if zero_for_one:
        fall = div_up(amount * Q96, liquidity)
        require(fall < sqrt_price, ClmmError.ReservesExceeded)
        return sqrt_price - fall
    reserve = liquidity << 96
    require(amount * sqrt_price < reserve, ClmmError.ReservesExceeded)
    price = div_up(reserve * sqrt_price, reserve - amount * sqrt_price)
    require(price < U160_END, ClmmError.PriceOverflow)
    return price


def _price_after_adding0(sqrt_price: int, liquidity: int, amount: int) -> int:
    reserve = liquidity << 96
    denominator = reserve + amount * sqrt_price
    if denominator < U256_END:
        return div_up(reserve * sqrt_price, denominator)
    # The reference computes in 256 bits: where these are too few, it rounds 1/p down first.
    divisor = reserve // sqrt_price + amount
    require(divisor < U256_END, ClmmError.AmountOverflow)
    return div_up(reserve, divisor)


def _require_pool(sqrt_price: int, liquidity: int) -> None:
    require(sqrt_price > 0, ClmmError.PriceZero)
    require(liquidity > 0, ClmmError.LiquidityZero)
