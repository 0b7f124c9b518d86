"""What a covered vault has beyond what it needs, before expiry and after.

>>> from sealane.programs.library.options import Series
>>> from sealane.programs.library.options.rules.valuation import Position, live_balance
>>> put = Series(is_put=True, strike=250 * 10**8, unit=10**21, shrink=1)
>>> live_balance(Position(put, None, 10**8, 0, collateral=300_000_000))
Balance(amount=50000000, is_excess=True)
"""

from __future__ import annotations

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
    """A vault's options, at least of one kind, and its collateral."""

    short: Series | None
    long: Series | None
    short_amount: int
    long_amount: int
    collateral: int

    @property
    def terms(self) -> Series:
        """A series that has the terms of all."""
        series = self.short if self.short is not None else self.long
        assert series is not None, "a position without options"
        return series


def live_balance(position: Position, price: int = 1, collateral_price: int = 1) -> Balance:
    """Before expiry. Prices: of what is paid out and of collateral, unless these are the same."""
    needed = covered_needed(
        position.terms.is_put,
        position.short_amount,
        position.long_amount,
        _strike(position.short),
        _strike(position.long),
    )
    needed = converted(needed, price, collateral_price)
    return balance(position.collateral, needed, position.terms)


def expired_balance(position: Position, prices: Prices) -> Balance:
    """After expiry, at the prices then."""
    needed = expired_needed(
        position.short_amount,
        position.long_amount,
        _cash(position.short, prices),
        _cash(position.long, prices),
        prices,
    )
    return balance(position.collateral, needed, position.terms)


def _strike(series: Series | None) -> int:
    return 0 if series is None else series.strike


def _cash(series: Series | None, prices: Prices) -> int:
    return 0 if series is None else cash_value(series.is_put, series.strike, prices)
