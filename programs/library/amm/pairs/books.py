"""What each operation changes in a pool's books: no accounts, no tokens, integers of any width.

The handlers call these functions with their `Pool`; with plain objects of the same fields they
compute pools of tokens that exceed 64 bits, too. Every function adds to the price sums first, as
the reserves before the operation stood until now. Source: UniswapV2Pair.sol.

The protocol's part is booked in `protocol_shares` when someone deposits or withdraws, exactly when
the reference mints it, but minted only when it is collected.
"""

from __future__ import annotations

from typing import Protocol

from ....kit import require, select
from ..errors import AmmError
from ..fraction import Fraction
from .constant_product import (
    MINIMUM_LIQUIDITY,
    RESERVE_MAX,
    burned_amounts,
    minted_shares,
    protocol_shares,
    require_product,
)
from .price_sums import seconds_between, sums_after, wrapped_time


class Books(Protocol):
    """A pool's figures. `supply` counts all shares: minted, locked, and owed to the protocol."""

    reserve_a: int
    reserve_b: int
    supply: int
    protocol_shares: int
    last_product: int
    price_a_sum: int
    price_b_sum: int
    updated_at: int
    fee_numerator: int
    fee_denominator: int


def reserves_of(books: Books) -> tuple[int, int]:
    """The reserves of a and b."""
    return books.reserve_a, books.reserve_b


def fee_of(books: Books) -> Fraction:
    """The pool's fee on what is paid in."""
    return Fraction(books.fee_numerator, books.fee_denominator)


def set_reserves(books: Books, reserves: tuple[int, int], now: int) -> None:
    """Add the old prices to the sums up to `now`, then set the reserves."""
    a, b = reserves
    require((a <= RESERVE_MAX) & (b <= RESERVE_MAX), AmmError.Overflow)
    time = wrapped_time(now)
    seconds = seconds_between(books.updated_at, time)
    sums = (books.price_a_sum, books.price_b_sum)
    books.price_a_sum, books.price_b_sum = sums_after(sums, reserves_of(books), seconds)
    books.reserve_a, books.reserve_b = a, b
    books.updated_at = time


def deposit(books: Books, amounts: tuple[int, int], fee_on: bool, now: int) -> int:
    """Book a deposit of both tokens; returns the shares to mint."""
    _book_protocol_shares(books, fee_on)
    a, b = reserves_of(books)
    shares = minted_shares(amounts, (a, b), books.supply)
    books.supply += shares + select(books.supply == 0, MINIMUM_LIQUIDITY, 0)
    _set_reserves(books, (a + amounts[0], b + amounts[1]), fee_on, now)
    return shares


def withdraw(books: Books, shares: int, fee_on: bool, now: int) -> tuple[int, int]:
    """Book a withdrawal of shares; returns the amounts to pay out."""
    _book_protocol_shares(books, fee_on)
    a, b = reserves_of(books)
    out_a, out_b = burned_amounts(shares, (a, b), books.supply)
    books.supply -= shares
    _set_reserves(books, (a - out_a, b - out_b), fee_on, now)
    return out_a, out_b


def require_payable(books: Books, paid_out: tuple[int, int]) -> None:
    """Require amounts to pay out that are not both zero and leave something of each token."""
    require(max(paid_out) > 0, AmmError.InsufficientOutputAmount)
    payable = paid_out[0] < books.reserve_a and paid_out[1] < books.reserve_b
    require(payable, AmmError.InsufficientLiquidity)


def swap(books: Books, paid_in: tuple[int, int], paid_out: tuple[int, int], now: int) -> None:
    """Book a swap of given amounts; fails if the product of the reserves would shrink."""
    require_payable(books, paid_out)
    require(max(paid_in) > 0, AmmError.InsufficientInputAmount)
    a = books.reserve_a + paid_in[0] - paid_out[0]
    b = books.reserve_b + paid_in[1] - paid_out[1]
    require_product(reserves_of(books), (a, b), paid_in, fee_of(books))
    set_reserves(books, (a, b), now)


def _book_protocol_shares(books: Books, fee_on: bool) -> None:
    owed = protocol_shares(reserves_of(books), books.last_product, books.supply)
    owed = select(fee_on, owed, 0)
    books.protocol_shares += owed
    books.supply += owed


def _set_reserves(books: Books, reserves: tuple[int, int], fee_on: bool, now: int) -> None:
    set_reserves(books, reserves, now)
    books.last_product = select(fee_on, reserves[0] * reserves[1], 0)
