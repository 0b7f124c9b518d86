"""What an isolated account is worth, and whether a trade may leave it so.

Rules and order of checks: dYdX perpetual v1, P1BalanceMath, P1Settlement._isCollateralized and
P1Trade._verifyAccountsFinalBalances. Nothing is rounded: values have 18 more decimals than amounts.

    >>> from sealane.programs.library.perpetuals.balances import Balance, is_collateralized
    >>> from sealane.programs.library.units import WAD
    >>> long = Balance(margin=-500, position=10)
    >>> [is_collateralized(long, price * WAD, 11 * WAD // 10) for price in (54, 55)]
    [False, True]
"""

from __future__ import annotations

from typing import NamedTuple

from ...kit import div_up, rarely, require, select
from ..units import WAD
from .errors import PerpetualsError
from .fixed_point import above_zero, size_of


class Balance(NamedTuple):
    """Margin in units of the margin token, position in units of the base asset; both signed."""

    margin: int
    position: int


def worth(balance: Balance, price: int) -> tuple[int, int]:
    """(what is positive of margin and position, what is negative), each with 18 decimals."""
    margin, position = balance.margin * WAD, balance.position * price
    positive = above_zero(margin) + above_zero(position)
    negative = above_zero(-margin) + above_zero(-position)
    return positive, negative


def is_collateralized(balance: Balance, price: int, min_collateral: int) -> bool:
    """Whether what is positive is at least `min_collateral` times what is negative."""
    positive, negative = worth(balance, price)
    return positive * WAD >= negative * min_collateral


def is_underwater(balance: Balance, price: int) -> bool:
    """Whether the account owes more than it has."""
    return balance.margin * WAD + balance.position * price < 0


def require_collateralized(balance: Balance, price: int, min_collateral: int) -> None:
    """Require an account that may give margin away."""
    covered = is_collateralized(balance, price, min_collateral)
    require(covered, PerpetualsError.NotCollateralized)


def require_final(before: Balance, after: Balance, price: int, min_collateral: int) -> None:
    """Require that a trade left the account collateralized, or smaller and no worse than it was."""
    covered = is_collateralized(after, price, min_collateral)
    if rarely(covered == False):  # noqa: E712 - for columns, too
        _require_no_worse(before, after, price)


def _require_no_worse(before: Balance, after: Balance, price: int) -> None:
    positive, negative = worth(after, price)
    positive_before, negative_before = worth(before, price)
    require(positive != 0, PerpetualsError.NoPositiveValue)
    smaller = size_of(after.position) <= size_of(before.position)
    require(smaller, PerpetualsError.PositionIncreased)
    kept = (after.position > 0) == (before.position > 0)
    require(kept, PerpetualsError.PositionFlipped)
    require(negative_before != 0, PerpetualsError.NewlyUndercollateralized)
    # Of what is positive and negative, one is margin: dividing it by WAD is exact.
    if after.position > 0:
        better = negative // WAD * positive_before <= negative_before // WAD * positive
    else:
        better = positive_before // WAD * negative <= positive // WAD * negative_before
    require(better, PerpetualsError.CollateralizationDecreased)


def margin_to_maker(maker: Balance, amount: int) -> int:
    """What the maker gets when `amount` of its position is taken over: its margin, in proportion.

    A long maker owes margin, and gets that part of it, rounded up; a short one gives a part of what
    it owns, rounded down. So its collateralization never falls.
    """
    size = size_of(maker.position)
    owed = div_up(above_zero(-maker.margin) * amount, size)
    owned = above_zero(maker.margin) * amount // size
    return select(maker.position > 0, owed, -owned)
