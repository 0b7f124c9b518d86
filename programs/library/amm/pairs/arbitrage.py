"""What a pool and its shares are worth once somebody has traded it to a price known from elsewhere.

A pool's own reserves can be moved within a transaction; a price from an oracle cannot. Source:
UniswapV2LiquidityMathLibrary.sol and ExampleSwapToPrice.sol (v2-periphery).
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import isqrt, require
from ..errors import AmmError
from ..fraction import Fraction
from .books import Books, fee_of, reserves_of
from .constant_product import amount_out, protocol_shares


class Trade(NamedTuple):
    """A trade of `amount_in`, of token a if `a_to_b`."""

    a_to_b: bool
    amount_in: int


def best_trade(reserves: tuple[int, int], price: tuple[int, int], fee: Fraction) -> Trade:
    """The trade that wins most if `price[0]` of a are worth `price[1]` of b; of 0 if none wins.

    >>> best_trade((100_000, 100_000), (1, 2), Fraction(3, 1000))
    Trade(a_to_b=False, amount_in=41333)
    """
    a_to_b = reserves[0] * price[1] // reserves[1] < price[0]
    reserve_in = reserves[0] if a_to_b else reserves[1]
    above, below = price if a_to_b else (price[1], price[0])
    product = reserves[0] * reserves[1] * fee.denominator
    after = isqrt(product * above // (below * fee.rest))
    before = reserve_in * fee.denominator // fee.rest
    return Trade(a_to_b, after - before) if after >= before else Trade(False, 0)


def trade_within(
    reserves: tuple[int, int], price: tuple[int, int], most: tuple[int, int], fee: Fraction
) -> Trade:
    """The best trade, or as much of it as `most` of a and b allows."""
    require(price[0] > 0 and price[1] > 0, AmmError.ZeroPrice)
    require(most[0] > 0 or most[1] > 0, AmmError.ZeroSpend)
    a_to_b, wanted = best_trade(reserves, price, fee)
    require(wanted > 0, AmmError.AlreadyAtPrice)
    return Trade(a_to_b, min(wanted, most[0] if a_to_b else most[1]))


def arbitraged_reserves(
    reserves: tuple[int, int], price: tuple[int, int], fee: Fraction
) -> tuple[int, int]:
    """The reserves after the best trade at that price."""
    require(min(reserves) > 0, AmmError.EmptyPool)
    a_to_b, paid = best_trade(reserves, price, fee)
    if paid == 0:
        return reserves
    a, b = reserves
    if a_to_b:
        return a + paid, b - amount_out(paid, a, b, fee)
    return a - amount_out(paid, b, a, fee), b + paid


def share_value(books: Books, shares: int, fee_on: bool) -> tuple[int, int]:
    """The amounts of a and b that these shares would be paid now; rounded down."""
    return _value(reserves_of(books), shares, books, fee_on)


def share_value_at_price(
    books: Books, shares: int, fee_on: bool, price: tuple[int, int]
) -> tuple[int, int]:
    """The same, after the best trade at that price."""
    require(0 < shares <= books.supply, AmmError.InvalidShares)
    reserves = arbitraged_reserves(reserves_of(books), price, fee_of(books))
    return _value(reserves, shares, books, fee_on)


def _value(reserves: tuple[int, int], shares: int, books: Books, fee_on: bool) -> tuple[int, int]:
    supply = books.supply
    if fee_on:
        supply += protocol_shares(reserves, books.last_product, supply)
    require(supply > 0, AmmError.InvalidShares)
    return reserves[0] * shares // supply, reserves[1] * shares // supply
