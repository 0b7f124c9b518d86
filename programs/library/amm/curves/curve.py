"""The three curves: what a swap without fees pays, and what shares are worth.

- constant product: a * b stays the same
- constant price: one b costs `parameter` of a, whatever the pool holds
- offset: constant product with `parameter` added to what the pool holds of b

Rounding favours the pool. A result of nothing fails with ZeroTradingTokens, one that cannot be
computed with CalculationFailure. Source: token-swap/program/src/curve/ of SPL.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from .....primitives.integers import U64_MAX, U128_MAX
from ....kit import require
from ..errors import AmmError
from . import precise
from .checked import divided, fair_quotient, traded, u128


class CurveKind(Enum):
    """Which curve a pool trades on; numbered as in SPL token-swap."""

    ConstantProduct = 0
    ConstantPrice = 1
    Offset = 2


class Curve(NamedTuple):
    """A curve with its parameter: the price of b in a, or the offset of b; else 0."""

    kind: CurveKind
    parameter: int = 0

    @property
    def offset(self) -> int:
        """What counts as held of b beyond what is held."""
        return self.parameter if self.kind is CurveKind.Offset else 0

    @property
    def takes_deposits(self) -> bool:
        """Not the offset curve: its creator would own the deposits against a made-up amount."""
        return self.kind is not CurveKind.Offset


class Holdings(NamedTuple):
    """What a pool holds of both tokens, and how many shares there are."""

    a: int
    b: int
    supply: int


def require_valid(curve: Curve) -> None:
    """Require the parameter that the curve needs."""
    needed = curve.kind is not CurveKind.ConstantProduct
    require(not needed or curve.parameter > 0, AmmError.InvalidCurve)


def swap_without_fees(
    curve: Curve, source: int, reserves: tuple[int, int], a_to_b: bool
) -> tuple[int, int]:
    """The amounts paid in and out. What is paid in may be less than `source`, never more.

    `reserves` are those of the token paid in and of the token paid out.

    >>> swap_without_fees(Curve(CurveKind.ConstantProduct), 98, (60_000, 30_000), True)
    (97, 48)
    >>> swap_without_fees(Curve(CurveKind.ConstantPrice, 3), 10, (0, 30_000), True)
    (9, 3)
    """
    if curve.kind is CurveKind.ConstantPrice:
        return _at_constant_price(source, curve.parameter, a_to_b)
    reserve_in, reserve_out = reserves
    if a_to_b:
        return _at_constant_product(source, reserve_in, u128(reserve_out + curve.offset))
    return _at_constant_product(source, u128(reserve_in + curve.offset), reserve_out)


def tokens_for_shares(curve: Curve, shares: int, held: Holdings, round_up: bool) -> tuple[int, int]:
    """The amounts of a and b that belong to these shares.

    >>> tokens_for_shares(Curve(CurveKind.ConstantProduct), 5, Holdings(2, 49, 10), round_up=True)
    (1, 25)
    """
    if curve.kind is CurveKind.ConstantPrice:
        return _priced_tokens(curve.parameter, shares, held, round_up)
    b = u128(held.b + curve.offset)
    parts = [_part(shares, amount, held.supply, round_up) for amount in (held.a, b)]
    return parts[0], parts[1]


def value(curve: Curve, a: int, b: int) -> int:
    """What the pool is worth, as a fixed-point number (precise.py) that no operation may lower."""
    if curve.kind is CurveKind.ConstantPrice:
        return precise.precise(_priced_value(curve.parameter, a, b))
    b = u128(b + curve.offset)
    return precise.square_root(precise.product(precise.precise(a), precise.precise(b)))


def _at_constant_product(source: int, reserve_in: int, reserve_out: int) -> tuple[int, int]:
    product = u128(reserve_in * reserve_out)
    left, held = fair_quotient(product, u128(reserve_in + source))
    return u128(held - reserve_in), traded(u128(reserve_out - left))


def _at_constant_price(source: int, price: int, a_to_b: bool) -> tuple[int, int]:
    if a_to_b:
        bought = divided(source, price)
        return traded(bought * price), traded(bought)
    return traded(source), traded(u128(source * price))


def _part(shares: int, amount: int, supply: int, round_up: bool) -> int:
    whole = u128(shares * amount)
    part = divided(whole, supply)
    # Nothing is not rounded up to 1: the caller refuses it instead.
    return part + 1 if round_up and part > 0 and whole % supply else part


def _priced_value(price: int, a: int, b: int) -> int:
    """Half the pool's value in a; the reference halves first where the sum might not fit."""
    b_value = u128(b * price)
    if b_value - U64_MAX > U128_MAX - U64_MAX:
        return b_value // 2 + a // 2
    return u128(a + b_value) // 2


def _priced_tokens(price: int, shares: int, held: Holdings, round_up: bool) -> tuple[int, int]:
    worth = u128(shares * _priced_value(price, held.a, held.b))
    if round_up:
        b_worth, _ = fair_quotient(worth, price)
        return fair_quotient(worth, held.supply)[0], fair_quotient(b_worth, held.supply)[0]
    return divided(worth, held.supply), divided(divided(worth, price), held.supply)
