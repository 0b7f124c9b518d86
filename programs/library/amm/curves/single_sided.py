"""Deposits and withdrawals of one token only: a swap of half and a deposit or withdrawal of both.

On the product curves by Balancer's formulas for two tokens of equal weight, on the constant price
by value. Deposits round down, withdrawals up, both in favour of the pool. Source:
token-swap/program/src/curve/{constant_product,constant_price,base}.rs of SPL.

The reference's roots are good to about 11 digits, and err either way. Where they would give away
more than the exact root does, the exact one counts: else a deposit and its withdrawal, again and
again, would drain a large pool of a few millionths of a millionth each time.
"""

from __future__ import annotations

from collections.abc import Callable

from ....kit import isqrt, require
from ..errors import AmmError
from . import precise
from .checked import divided, fair_quotient, u128
from .curve import Curve, CurveKind, Holdings
from .fees import Fees


def shares_for_deposit(curve: Curve, amount: int, held: Holdings, of_a: bool, fees: Fees) -> int:
    """The shares for depositing `amount` of a or b; the fee is due on the half that is swapped.

    >>> product, held = Curve(CurveKind.ConstantProduct), Holdings(1_000_000, 50_000_000, 1_000_000)
    >>> shares_for_deposit(product, 10_000, held, True, Fees())
    4987
    """
    if amount == 0:
        return 0
    half = max(1, amount // 2)
    taxed = u128(amount - fees.trade.of(half) - fees.owner_trade.of(half))
    return shares_of_deposit(curve, taxed, held, of_a)


def shares_for_withdrawal(curve: Curve, amount: int, held: Holdings, of_a: bool, fees: Fees) -> int:
    """The shares that withdrawing exactly `amount` of a or b costs, with the fee on half of it."""
    if amount == 0:
        return 0
    half = (amount + 1) // 2
    before_fee = fees.trade.plus(fees.owner_trade).before(half)
    return shares_of_withdrawal(curve, amount - half + before_fee, held, of_a, round_up=True)


def shares_of_deposit(curve: Curve, amount: int, held: Holdings, of_a: bool) -> int:
    """The shares for `amount`, without fees; rounded down."""
    if curve.kind is CurveKind.ConstantPrice:
        return _priced_shares(curve.parameter, amount, held, of_a, _rounded_down)
    grown = precise.ONE + _ratio(curve, amount, held, of_a)
    root = precise.square_root(grown)
    require(root >= precise.ONE, AmmError.CalculationFailure)
    shares = precise.floor(precise.product(precise.precise(held.supply), root - precise.ONE))
    reserve = _reserve(curve, held, of_a)
    return min(shares, isqrt(held.supply**2 * (reserve + amount) // reserve) - held.supply)


def shares_of_withdrawal(
    curve: Curve, amount: int, held: Holdings, of_a: bool, round_up: bool
) -> int:
    """The shares that `amount` costs, without fees; all of them if the pool has not that much."""
    if curve.kind is CurveKind.ConstantPrice:
        rounded = _rounded_up if round_up else _rounded_down
        return _priced_shares(curve.parameter, amount, held, of_a, rounded)
    left = max(0, precise.ONE - _ratio(curve, amount, held, of_a))
    root = precise.square_root(left)
    require(root <= precise.ONE, AmmError.CalculationFailure)
    shares = precise.product(precise.precise(held.supply), precise.ONE - root)
    reserve = _reserve(curve, held, of_a)
    rest = held.supply**2 * max(0, reserve - amount)
    if round_up:
        return max(precise.ceiling(shares), held.supply - isqrt(rest // reserve))
    return min(precise.floor(shares), held.supply - _root_up(-(-rest // reserve)))


def _root_up(number: int) -> int:
    return isqrt(number - 1) + 1 if number else 0


def _ratio(curve: Curve, amount: int, held: Holdings, of_a: bool) -> int:
    reserve = _reserve(curve, held, of_a)
    return precise.quotient(precise.precise(amount), precise.precise(reserve))


def _reserve(curve: Curve, held: Holdings, of_a: bool) -> int:
    return held.a if of_a else u128(held.b + curve.offset)


def _priced_shares(
    price: int, amount: int, held: Holdings, of_a: bool, rounded: Callable[[int, int], int]
) -> int:
    given = amount if of_a else amount * price
    return u128(rounded(held.supply * given, held.b * price + held.a))


def _rounded_down(a: int, b: int) -> int:
    return divided(a, b)


def _rounded_up(a: int, b: int) -> int:
    return fair_quotient(a, b)[0]
