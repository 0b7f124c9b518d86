"""A pair as figures, in integers of any width, moved by the functions that the program calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from sealane.primitives import ProgramFailure
from sealane.programs import require
from sealane.programs.library.amm import AmmError
from sealane.programs.library.amm.direction import ordered
from sealane.programs.library.amm.pairs import arbitrage, books, constant_product, paths, swaps
from sealane.programs.library.amm.pairs.constant_product import UNISWAP_FEE

from .errors import refused

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Figures:
    """The books of a pool without tokens."""

    reserve_a: int = 0
    reserve_b: int = 0
    supply: int = 0
    protocol_shares: int = 0
    last_product: int = 0
    price_a_sum: int = 0
    price_b_sum: int = 0
    updated_at: int = 0
    fee_numerator: int = UNISWAP_FEE.numerator
    fee_denominator: int = UNISWAP_FEE.denominator


def refusing(function: Callable[P, T]) -> Callable[P, T]:
    """Raises Refused where the function fails."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except ProgramFailure as failure:
            raise refused(failure) from failure

    return call


class FiguresPair:
    """See pair.Pair."""

    def __init__(self) -> None:
        self._books = Figures()
        self._fee_on = False
        self._now = 0

    def begin(self, reserves: tuple[int, int], supply: int) -> None:
        self._books = Figures(*reserves, supply)

    def set_fee_to(self, on: bool) -> None:
        self._fee_on = on

    def wait(self, seconds: int) -> None:
        self._now += seconds

    @refusing
    def mint(self, amounts: tuple[int, int]) -> int:
        return books.deposit(self._books, amounts, self._fee_on, self._now)

    @refusing
    def burn(self, shares: int) -> tuple[int, int]:
        return books.withdraw(self._books, shares, self._fee_on, self._now)

    @refusing
    def swap(self, paid_in: tuple[int, int], paid_out: tuple[int, int]) -> None:
        books.swap(self._books, paid_in, paid_out, self._now)

    @refusing
    def buy(self, amount_in: int, from_0: bool) -> int:
        return swaps.buy(self._books, from_0, amount_in, self._now)

    @refusing
    def buy_exactly(self, amount_out: int, from_0: bool) -> int:
        paid = swaps.price_of(self._books, from_0, amount_out)
        swaps.book_swap(self._books, from_0, paid, amount_out, self._now)
        return paid

    @refusing
    def sync(self) -> None:
        books.set_reserves(self._books, books.reserves_of(self._books), self._now)

    def fee_shares(self) -> int:
        return self._books.protocol_shares

    def books(self) -> books.Books:
        return self._books

    @refusing
    def quote(self, amount: int) -> int:
        return constant_product.quote(amount, *books.reserves_of(self._books))

    @refusing
    def amount_out(self, amount_in: int, from_0: bool) -> int:
        reserves = ordered(from_0, *books.reserves_of(self._books))
        return constant_product.amount_out(amount_in, *reserves, UNISWAP_FEE)

    @refusing
    def amount_in(self, amount_out: int) -> int:
        return swaps.price_of(self._books, True, amount_out)

    @refusing
    def amounts(self, amount: int, reserves: list[int], exact_in: bool) -> list[int]:
        pairs = zip(reserves[::2], reserves[1::2], strict=True)
        path = [paths.Step(Figures(*pair), True) for pair in pairs]
        require(len(path) > 0, AmmError.InvalidPath)
        return paths.amounts_out(path, amount) if exact_in else paths.amounts_in(path, amount)

    @refusing
    def value(self, shares: int, price: tuple[int, int] | None) -> tuple[int, int]:
        if price is None:
            return arbitrage.share_value(self._books, shares, self._fee_on)
        return arbitrage.share_value_at_price(self._books, shares, self._fee_on, price)

    @refusing
    def arbitraged(self, price: tuple[int, int]) -> tuple[int, int]:
        reserves = books.reserves_of(self._books)
        return arbitrage.arbitraged_reserves(reserves, price, UNISWAP_FEE)

    @refusing
    def swap_to_price(self, price: tuple[int, int], most: tuple[int, int]) -> tuple[bool, int, int]:
        trade = arbitrage.trade_within(books.reserves_of(self._books), price, most, UNISWAP_FEE)
        out = swaps.buy(self._books, *trade, self._now)
        return trade.a_to_b, trade.amount_in, out
