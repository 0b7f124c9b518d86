"""The four fees of a pool on a curve, and a swap with them.

Each fee is rounded down, but at least one token. Source: {fees,base}.rs in
token-swap/program/src/curve/ of SPL.
"""

from __future__ import annotations

from typing import NamedTuple

from ..fraction import Fraction, require_fee
from .checked import u128
from .curve import Curve, swap_without_fees

_NONE = Fraction(0, 0)


class Fees(NamedTuple):
    """What a pool takes: `trade` stays in the pool, `owner_trade` becomes shares of its owner,
    `owner_withdraw` is taken from shares that are withdrawn, `host` from the owner's part."""

    trade: Fraction = _NONE
    owner_trade: Fraction = _NONE
    owner_withdraw: Fraction = _NONE
    host: Fraction = _NONE


class CurveSwap(NamedTuple):
    """A swap: what is paid in, fees included, what is paid out, and the two fees."""

    paid_in: int
    paid_out: int
    trade_fee: int
    owner_fee: int


def require_fees(fees: Fees) -> None:
    """Require that each fee is a fraction below one."""
    for fee in fees:
        require_fee(fee)


def swap_with_fees(
    curve: Curve, source: int, reserves: tuple[int, int], a_to_b: bool, fees: Fees
) -> CurveSwap:
    """Take the fees from `source` and swap the rest; `reserves` of the tokens paid in and out.

    A curve may promise more than there is: whether it can be paid is for the caller to see.

    >>> from .curve import CurveKind
    >>> product = Curve(CurveKind.ConstantProduct)
    >>> swap_with_fees(product, 100, (1_000, 50_000), True, Fees(trade=Fraction(1, 100)))
    CurveSwap(paid_in=100, paid_out=4504, trade_fee=1, owner_fee=0)
    """
    trade_fee, owner_fee = fees.trade.of(source), fees.owner_trade.of(source)
    taxed = u128(source - trade_fee - owner_fee)
    swapped, paid_out = swap_without_fees(curve, taxed, reserves, a_to_b)
    return CurveSwap(swapped + trade_fee + owner_fee, paid_out, trade_fee, owner_fee)
