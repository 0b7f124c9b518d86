"""What a covered vault has beyond what it needs, before expiry and after.

>>> from sealane.programs.library.options import Series
>>> from sealane.programs.library.options.rules.valuation import Position, live_balance
>>> put = Series(is_put=True, strike=250 * 10**8, unit=10**21, shrink=1)
>>> live_balance(Position([put], [], 10**8, 0, collateral=300_000_000))
Balance(amount=50000000, is_excess=True)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..state import Series
from .payoff import (
    Balance,
    Prices,
    balance,
    cash_value,
    converted,
    covered_needed,
    expired_needed,
)


class Position(NamedTuple):
    """A vault's options, at most one series of each kind, and its collateral."""

    shorts: Sequence[Series]
    longs: Sequence[Series]
    short_amount: int
    long_amount: int
    collateral: int

    @property
    def terms(self) -> Series:
        """A series that has the terms of all; there must be one."""
        return [*self.shorts, *self.longs][0]


def live_balance(position: Position, price: int = 1, collateral_price: int = 1) -> Balance:
    """Before expiry. Prices: of what is paid out and of collateral, unless these are the same."""
    needed = covered_needed(
        position.terms.is_put,
        position.short_amount,
        position.long_amount,
        sum(series.strike for series in position.shorts),
        sum(series.strike for series in position.longs),
    )
    needed = converted(needed, price, collateral_price)
    return balance(position.collateral, needed, position.terms)


def expired_balance(position: Position, prices: Prices) -> Balance:
    """After expiry, at the prices then."""
    needed = expired_needed(
        position.short_amount,
        position.long_amount,
        _cash(position.shorts, prices),
        _cash(position.longs, prices),
        prices,
    )
    return balance(position.collateral, needed, position.terms)


def _cash(held: Sequence[Series], prices: Prices) -> int:
    return sum(cash_value(series.is_put, series.strike, prices) for series in held)
