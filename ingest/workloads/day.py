"""A mixed day on a chain: payments, swaps, orders and loans, in the order of chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from .amm import swaps
from .draws import Draws
from .lending import mix
from .market import Generator, Market, TransactionDocument
from .orderbook import orders
from .payments import payments

# How many in a hundred transactions are of each kind.
_SHARES: Final[Mapping[Generator, int]] = {payments: 40, swaps: 25, orders: 15, mix: 20}
_HUNDRED: Final = 100


def day(draws: Draws) -> Market:
    """What each of the workloads generates, mixed. Each has as many users as asked for."""
    kinds = _kinds(draws)
    markets = {
        make: make(replace(draws, n=kinds.count(make), seed=draws.seed + place))
        for place, make in enumerate(_SHARES)
    }
    accounts = {name: each for market in markets.values() for name, each in market.accounts.items()}

    def naive(transaction: TransactionDocument) -> list[str]:
        return markets[kinds[int(str(transaction["id"])[1:])]].naive(transaction)

    return Market(accounts, _mixed(kinds, markets), naive)


def _kinds(draws: Draws) -> list[Generator]:
    """The generator of each transaction."""
    every = [make for make, share in _SHARES.items() for _ in range(share)]
    return [every[drawn] for drawn in draws.below(_HUNDRED, stream=9)]


def _mixed(
    kinds: list[Generator], markets: Mapping[Generator, Market]
) -> Iterator[TransactionDocument]:
    left = {make: iter(market.transactions) for make, market in markets.items()}
    for position, make in enumerate(kinds):
        yield {**next(left[make]), "id": f"t{position}"}
