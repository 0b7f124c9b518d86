"""Health: what a margin account has, weighted down, less what it owes, weighted up.

After Mango v4 (health/cache.rs): gains and losses in markets count as balances of their settle
token; orders at rest are assumed to end in the worst way, in each market by itself. All amounts are
in tokens with 18 decimals, and every product is rounded down: against the account.

    >>> from sealane.programs.library.perpetuals.cross.health import Token, health_of
    >>> from sealane.programs.library.perpetuals.cross.weights import Terms
    >>> from sealane.programs.library.units import WAD
    >>> terms = Terms(WAD * 8 // 10, WAD * 12 // 10, WAD, WAD)
    >>> [health_of([Token(terms, amount * WAD)], [], []) // WAD for amount in (100, -100)]
    [80, -120]
"""

from __future__ import annotations

from typing import NamedTuple

from ...units import WAD
from .weights import Terms


class Token(NamedTuple):
    """A token of the account: its terms, and what it has of it without orders or markets."""

    terms: Terms
    balance: int


class Orders(NamedTuple):
    """Tokens at rest in the orders of a spot market; `base`, `quote`: positions in the tokens."""

    base: int
    quote: int
    reserved_base: int
    reserved_quote: int
    lowest_ask: int
    highest_bid: int


class Perp(NamedTuple):
    """An account in a market: `settle`, the position of its settle token in the tokens.

    `quote`: margin; `base`, `bids`, `asks`: base units held, and in orders at rest.
    """

    settle: int
    terms: Terms
    overall_weight: int
    quote: int
    base: int
    bids: int
    asks: int


def health_of(tokens: list[Token], orders: list[Orders], perps: list[Perp]) -> int:
    """The account's health, in quote units with 18 decimals."""
    balances = effective_balances(tokens, perps)
    total = 0
    for token, balance in zip(tokens, balances, strict=True):
        total += contribution(token.terms, balance)
    return total + _orders_health(tokens, balances, orders)


def effective_balances(tokens: list[Token], perps: list[Perp]) -> list[int]:
    """What the account has of each token, if gains and losses in markets were settled."""
    balances = [token.balance for token in tokens]
    for perp in perps:
        balances[perp.settle] += unsettled(perp)
    return balances


def contribution(terms: Terms, balance: int) -> int:
    """What a balance adds to health."""
    if balance < 0:
        return balance * terms.liab_weight * terms.liab_price // (WAD * WAD)
    return balance * terms.asset_weight * terms.asset_price // (WAD * WAD)


def unsettled(perp: Perp) -> int:
    """The gain or loss in a market that counts: weighted, and with the worse half of its orders."""
    terms = perp.terms
    bought = _base_value(terms, perp.base + perp.bids) - perp.bids * terms.liab_price
    sold = _base_value(terms, perp.base - perp.asks) + perp.asks * terms.asset_price
    gain = perp.quote * WAD + min(bought, sold)
    return gain * perp.overall_weight // WAD if gain > 0 else gain


def _base_value(terms: Terms, base: int) -> int:
    return contribution(terms, base * WAD)


def _orders_health(tokens: list[Token], balances: list[int], orders: list[Orders]) -> int:
    """What orders at rest add: in each market, the worse of all filled and none filled.

    All other orders are taken to end so that these tokens are worth least: on top of everything
    that the other markets could bring in.
    """
    ends = [_both_ends(tokens, each) for each in orders]
    reserved = [0] * len(tokens)
    for each, (as_base, as_quote) in zip(orders, ends, strict=True):
        reserved[each.base] += as_base
        reserved[each.quote] += as_quote
    total = 0
    for each, (as_base, as_quote) in zip(orders, ends, strict=True):
        if as_base and as_quote:
            total += min(
                _added_last(tokens[place].terms, balances[place] + reserved[place], amount)
                for place, amount in ((each.base, as_base), (each.quote, as_quote))
            )
    return total


def _both_ends(tokens: list[Token], orders: Orders) -> tuple[int, int]:
    """(everything as base tokens, everything as quote tokens), at the worse of limit and oracle."""
    base, quote = tokens[orders.base].terms, tokens[orders.quote].terms
    bought = orders.reserved_quote * quote.asset_price * WAD // base.liab_price
    if orders.highest_bid:
        bought = min(bought, orders.reserved_quote * WAD * WAD // orders.highest_bid)
    sold = orders.reserved_base * base.asset_price * WAD // quote.liab_price
    if orders.lowest_ask:
        sold = min(sold, orders.reserved_base * orders.lowest_ask)
    return orders.reserved_base * WAD + bought, orders.reserved_quote * WAD + sold


def _added_last(terms: Terms, balance: int, amount: int) -> int:
    """What `amount` added to health if it was the last of this balance to come in."""
    as_asset = min(max(balance, 0), amount)
    as_payment = amount - as_asset
    paid = as_payment * terms.liab_weight * terms.liab_price // (WAD * WAD)
    return contribution(terms, as_asset) + paid
