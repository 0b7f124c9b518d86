"""Read-only instructions that return what the maths of a pool says, for any price and liquidity."""

from __future__ import annotations

from ...kit import Context, i32, i256, require, u32, u128, u256
from .errors import ClmmError
from .maths import price_moves, tick_prices
from .maths.fixed_point import FEE_UNIT
from .maths.swap_steps import swap_step
from .program import clmm
from .returns import AmountQuote, PriceQuote, StepQuote, TickQuote


@clmm.instruction(tag=18)
def price_at_tick(ctx: Context, tick: i32) -> None:
    """Return the square root of the price at a tick, as PriceQuote."""
    ctx.set_return_data(PriceQuote(sqrt_price=tick_prices.sqrt_price_at(tick)).encode())


@clmm.instruction(tag=19)
def tick_at_price(ctx: Context, sqrt_price: u256) -> None:
    """Return the greatest tick whose price is not above this one, as TickQuote."""
    ctx.set_return_data(TickQuote(tick=tick_prices.tick_at(sqrt_price)).encode())


@clmm.instruction(tag=20)
def price_after_input(
    ctx: Context, sqrt_price: u256, liquidity: u128, amount: u256, zero_for_one: bool
) -> None:
    """Return the price after an amount is paid in, as PriceQuote."""
    price = price_moves.price_after_input(sqrt_price, liquidity, amount, zero_for_one)
    ctx.set_return_data(PriceQuote(sqrt_price=price).encode())


@clmm.instruction(tag=21)
def price_after_output(
    ctx: Context, sqrt_price: u256, liquidity: u128, amount: u256, zero_for_one: bool
) -> None:
    """Return the price after an amount is paid out, as PriceQuote."""
    price = price_moves.price_after_output(sqrt_price, liquidity, amount, zero_for_one)
    ctx.set_return_data(PriceQuote(sqrt_price=price).encode())


@clmm.instruction(tag=22)
def amount0_between(
    ctx: Context, sqrt_price_a: u256, sqrt_price_b: u256, liquidity: u128, round_up: bool
) -> None:
    """Return the amount of token 0 between two prices, as AmountQuote."""
    amount = price_moves.amount0_between(sqrt_price_a, sqrt_price_b, liquidity, round_up)
    ctx.set_return_data(AmountQuote(amount=amount).encode())


@clmm.instruction(tag=23)
def amount1_between(
    ctx: Context, sqrt_price_a: u256, sqrt_price_b: u256, liquidity: u128, round_up: bool
) -> None:
    """Return the amount of token 1 between two prices, as AmountQuote."""
    amount = price_moves.amount1_between(sqrt_price_a, sqrt_price_b, liquidity, round_up)
    ctx.set_return_data(AmountQuote(amount=amount).encode())


@clmm.instruction(tag=24)
def quote_step(
    ctx: Context,
    sqrt_price: u256,
    target: u256,
    liquidity: u128,
    remaining: i256,
    fee_pips: u32,
) -> None:
    """Return one step of a swap towards a price, as StepQuote."""
    require(fee_pips < FEE_UNIT, ClmmError.FeeInvalid)
    step = swap_step(sqrt_price, target, liquidity, remaining, fee_pips)
    ctx.set_return_data(StepQuote(**step._asdict()).encode())
