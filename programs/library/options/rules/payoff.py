"""What options pay at expiry, and what a writer must hold so that they surely can.

After Opyn Gamma's MarginCalculator. Amounts, strikes and prices have 8 decimals, values 27. What is
required is rounded up, in the last of 27 decimals, where the reference cuts it off: rounding alone
never leaves a pool short.

    >>> from sealane.programs.library.options.rules.payoff import covered_needed
    >>> one, usd = 10**8, 10**8
    >>> covered_needed(True, one, 0, 250 * usd, 0) // 10**27  # a put at 250: all of it
    250
    >>> covered_needed(True, one, one, 250 * usd, 200 * usd) // 10**27  # with a long put at 200
    50
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import div_up, select
from .fixed_point import (
    FROM_8,
    ONE,
    OPTION,
    Scaled,
    above_zero,
    from_units,
    larger,
    smaller,
    units_down,
    units_up,
)

_FROM_16 = FROM_8 // OPTION  # the product of two numbers with 8 decimals


class Prices(NamedTuple):
    """Of one whole token each, in the unit of the feeds, with 8 decimals."""

    underlying: int
    strike: int
    collateral: int


class Balance(NamedTuple):
    """Tokens beyond what is required, or missing for it."""

    amount: int
    is_excess: bool


def covered_needed(
    is_put: bool, short_amount: int, long_amount: int, short_strike: int, long_strike: int
) -> int:
    """The most that a vault can owe, in the strike asset (puts) or the underlying (calls).

    Without a long option, its amount and strike are 0.
    """
    put = _put_needed(short_amount, long_amount, short_strike, long_strike)
    return select(is_put, put, _call_needed(short_amount, long_amount, short_strike, long_strike))


def _put_needed(short_amount: int, long_amount: int, short_strike: int, long_strike: int) -> int:
    offset = long_strike * smaller(short_amount, long_amount)
    return above_zero(short_amount * short_strike - offset) * _FROM_16


def _call_needed(short_amount: int, long_amount: int, short_strike: int, long_strike: int) -> int:
    uncovered = above_zero(short_amount - long_amount) * FROM_8
    divisor = larger(long_strike, 1)
    spread = div_up((long_strike - short_strike) * short_amount * FROM_8, divisor)
    return larger(spread, uncovered)


def converted(value: int, price: int, collateral_price: int) -> int:
    """A required value of something at `price`, in collateral."""
    return div_up(value * price, collateral_price)


def cash_value(is_put: bool, strike: int, prices: Prices) -> int:
    """What one option is worth at these prices, in the strike asset, with 27 decimals."""
    underlying = prices.underlying * ONE // prices.strike
    gain = underlying - strike * FROM_8
    return above_zero(select(is_put, 0 - gain, gain))


def expired_needed(
    short_amount: int, long_amount: int, short_cash: int, long_cash: int, prices: Prices
) -> int:
    """What a vault owes after expiry, in collateral; below zero if its long option brings more."""
    owed = short_amount * short_cash - long_amount * long_cash
    return div_up(owed * prices.strike, prices.collateral * OPTION)


def payout_rate(is_put: bool, strike: int, prices: Prices, scale: Scaled) -> int:
    """How many of the smallest units of collateral one expired option pays, rounded down."""
    value = cash_value(is_put, strike, prices) * prices.strike // prices.collateral
    return units_down(value, scale)


def payout(amount: int, rate: int) -> int:
    """What so many expired options pay, rounded down."""
    return amount * rate // OPTION


def balance(collateral: int, needed: int, scale: Scaled) -> Balance:
    """What is beyond the requirement, rounded down, or missing for it, rounded up."""
    excess = from_units(collateral, scale) - needed
    enough = excess >= 0
    missing = units_up(0 - excess, scale)
    return Balance(select(enough, units_down(excess, scale), missing), enough)
