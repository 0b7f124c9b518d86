"""What read-only instructions return, as return data."""

from __future__ import annotations

from ...kit import Layout, i32, i64, i256, u32, u256


class PriceQuote(Layout):
    """A square root of a price."""

    sqrt_price: u256


class TickQuote(Layout):
    """A tick."""

    tick: i32


class AmountQuote(Layout):
    """An amount of a token."""

    amount: u256


class StepQuote(Layout):
    """One step of a swap."""

    sqrt_price: u256
    amount_in: u256
    amount_out: u256
    fee: u256


class SwapQuote(Layout):
    """A swap: what the pool would get (negative: pay) of either token, and where its price ends."""

    amount0: i256
    amount1: i256
    sqrt_price: u256
    tick: i32


class Cumulatives(Layout):
    """Sums over time at one time."""

    tick_cumulative: i64
    seconds_per_liquidity: u256


class CumulativesInside(Layout):
    """Sums over the time that the price was in a range; only differences have a meaning."""

    tick_cumulative: i64
    seconds_per_liquidity: u256
    seconds: u32
