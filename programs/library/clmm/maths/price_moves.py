"""Amounts between two prices, and the price after an amount, at a constant liquidity.

As Uniswap v3's SqrtPriceMath. With L the liquidity and p the square root of the price, a move
between a and b takes L * (1/a - 1/b) of token 0 and L * (b - a) of token 1. What is paid in is
rounded up and what is paid out down; a price is rounded so that a move never passes what the amount
is worth. All rounding favours the pool. All but the two functions with a direction work on columns,
too.
"""

from __future__ import annotations

from .....primitives.integers import U256_MAX
from ....kit import div_up, mul_div, mul_div_up, rarely, require, select
from ..errors import ClmmError
from .fixed_point import Q96, U160_END


def amount0_between(a: int, b: int, liquidity: int, round_up: bool) -> int:
    """Token 0 between two square roots of prices, in either order."""
    low, high = select(a < b, a, b), select(a < b, b, a)
    require(low > 0, ClmmError.PriceZero)
    if round_up:
        return div_up(mul_div_up(liquidity << 96, high - low, high), low)
    return mul_div(liquidity << 96, high - low, high) // low


def amount1_between(a: int, b: int, liquidity: int, round_up: bool) -> int:
    """Token 1 between two square roots of prices, in either order."""
    distance = select(a < b, b - a, a - b)
    return (mul_div_up if round_up else mul_div)(liquidity, distance, Q96)


def price_after_input(sqrt_price: int, liquidity: int, amount: int, zero_for_one: bool) -> int:
    """The price after an amount is paid in: of token 0 if `zero_for_one`, else of token 1."""
    _require_pool(sqrt_price, liquidity)
    after = price_after_adding0 if zero_for_one else price_after_adding1
    return after(sqrt_price, liquidity, amount)


def price_after_output(sqrt_price: int, liquidity: int, amount: int, zero_for_one: bool) -> int:
    """The price after an amount is paid out: of token 1 if `zero_for_one`, else of token 0."""
    _require_pool(sqrt_price, liquidity)
    after = _price_after_taking1 if zero_for_one else _price_after_taking0
    return after(sqrt_price, liquidity, amount)


def price_after_adding0(sqrt_price: int, liquidity: int, amount: int) -> int:
    """The price, which falls, after token 0 is paid in; rounded up."""
    reserve = liquidity << 96
    denominator = reserve + amount * sqrt_price
    if rarely(denominator > U256_MAX):
        # The reference computes in 256 bits: where these are too few, it rounds 1/p down first.
        divisor = reserve // sqrt_price + amount
        require(divisor <= U256_MAX, ClmmError.AmountOverflow)
        return div_up(reserve, divisor)
    return mul_div_up(reserve, sqrt_price, denominator)


def price_after_adding1(sqrt_price: int, liquidity: int, amount: int) -> int:
    """The price, which rises, after token 1 is paid in; rounded down."""
    price = sqrt_price + mul_div(amount, Q96, liquidity)
    require(price < U160_END, ClmmError.PriceOverflow)
    return price


def _price_after_taking0(sqrt_price: int, liquidity: int, amount: int) -> int:
    reserve = liquidity << 96
    require(amount * sqrt_price < reserve, ClmmError.ReservesExceeded)
    price = mul_div_up(reserve, sqrt_price, reserve - amount * sqrt_price)
    require(price < U160_END, ClmmError.PriceOverflow)
    return price


def _price_after_taking1(sqrt_price: int, liquidity: int, amount: int) -> int:
    fall = mul_div_up(amount, Q96, liquidity)
    require(fall < sqrt_price, ClmmError.ReservesExceeded)
    return sqrt_price - fall


def _require_pool(sqrt_price: int, liquidity: int) -> None:
    require(sqrt_price > 0, ClmmError.PriceZero)
    require(liquidity > 0, ClmmError.LiquidityZero)
