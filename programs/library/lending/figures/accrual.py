"""How a reserve's two prices move with time, and what is owed and owned at them.

A debt is a number of debt shares times the borrow index; a supply is a number of shares times the
supply price. Between two refreshes both prices follow from what was stored at the last one: nothing
has to be written to know them.

- The borrow index is exact: `index + index * rate * blocks`, as in Compound's accrueInterest.
- The supply price is known between bounds: at least what is stored, at most `price_at_most`, since
  supplies and repayments made meanwhile only lower the rate. Suppliers pay the upper bound; what is
  pledged counts at the lower one.
"""

from __future__ import annotations

from typing import Final

from ....kit import div_up
from ...units import WAD

DEBT_UNIT: Final = 10**9  # debt shares of a token at an index of one
SHARE: Final = DEBT_UNIT * WAD  # a token, in debt shares times index
_HALF: Final = 2**32
_DEAR: Final = 100 * WAD
_LOST_AT_MOST: Final = 10**5


def index_at(index: int, rate: int, blocks: int) -> int:
    """The borrow index after this many blocks at this rate; rounded down."""
    return index + index * (rate * blocks) // WAD


def price_at_most(price: int, rate: int, blocks: int) -> int:
    """The most that a share of the supply can be worth by now."""
    return price + div_up(price * (rate * blocks), WAD)


def owed_wads(debt_shares: int, index: int) -> int:
    """A debt with 18 decimals, rounded down."""
    return debt_shares * index // DEBT_UNIT


def owed(debt_shares: int, index: int) -> int:
    """A debt in whole tokens, rounded up: in favour of the suppliers."""
    return div_up(debt_shares * index, SHARE)


def shares_lent(amount: int, index: int) -> int:
    """The debt shares of new tokens lent, rounded up: in favour of the suppliers."""
    return div_up(amount * SHARE, index)


def shares_repaid(amount: int, index: int) -> int:
    """The debt shares that an amount pays off, rounded down: in favour of the suppliers."""
    return amount * SHARE // index


def shares_settled(wads: int, index: int) -> int:
    """The debt shares that an amount with 18 decimals pays off, rounded down."""
    return wads * DEBT_UNIT // index


def halves(shares: int) -> tuple[int, int]:
    """Debt shares in two parts, of which millions can be added up in an u64 each.

    >>> whole(*halves(10**20)) == 10**20
    True
    """
    high = shares // _HALF
    return high, shares - high * _HALF


def whole(high: int, low: int) -> int:
    """The debt shares of two such parts, or of sums of them."""
    return high * _HALF + low


def shares_for(amount: int, price: int) -> int:
    """The supply shares that an amount buys, rounded down: in favour of the other suppliers."""
    return amount * WAD // price


def is_fair(amount: int, shares: int, price: int) -> bool:
    """Whether rounding takes hardly anything of what is supplied, if a share is dear.

    While there are few shares, rounding in favour of the suppliers can be used to make them dear,
    at the cost of who supplies next and of liquidations, which seize whole shares.
    """
    lost = amount * WAD - shares * price
    return (price <= _DEAR) | (lost * _LOST_AT_MOST <= amount * WAD)


def worth(shares: int, price: int) -> int:
    """The whole tokens that supply shares are worth, rounded down."""
    return shares * price // WAD
