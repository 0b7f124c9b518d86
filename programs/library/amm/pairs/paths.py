"""Amounts along a path of pools, of which each takes what the one before pays out.

Source: getAmountsOut and getAmountsIn of UniswapV2Library.sol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..direction import ordered
from . import constant_product
from .books import Books, fee_of, reserves_of


class Step(NamedTuple):
    """A pool of a path, and the way it is traded."""

    pool: Books
    a_to_b: bool


def amounts_out(path: Sequence[Step], amount_in: int) -> list[int]:
    """The amounts before, between and after the pools for what is paid to the first."""
    amounts = [amount_in]
    for pool, a_to_b in path:
        reserves = ordered(a_to_b, *reserves_of(pool))
        amounts.append(constant_product.amount_out(amounts[-1], *reserves, fee_of(pool)))
    return amounts


def amounts_in(path: Sequence[Step], amount_out: int) -> list[int]:
    """The amounts before, between and after the pools for what the last pays out."""
    amounts = [amount_out]
    for pool, a_to_b in reversed(path):
        reserves = ordered(a_to_b, *reserves_of(pool))
        amounts.insert(0, constant_product.amount_in(amounts[0], *reserves, fee_of(pool)))
    return amounts
