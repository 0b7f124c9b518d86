"""What the health of a margin account depends on, read from the accounts that a call names.

These are, in any order: for each token of the account, its bank and that bank's feed; for each of
its accounts in markets, that account, its market and the market's feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ....kit import Clock, Pubkey, UncheckedAccount, fail, require
from ...oracle import Feed
from ..errors import PerpetualsError
from ..funding import index_now, settled
from ..price import checked_price, price_now
from ..state import NOBODY, Market, Trader
from .health import Orders, Perp, Token, health_of
from .state import INDEXED_UNIT, Bank, HealthKind, MarginAccount, TokenPosition
from .weights import Terms, price_range, terms_of

Given: TypeAlias = Mapping[Pubkey, UncheckedAccount]


def by_key(given: Iterable[UncheckedAccount]) -> Given:
    """The accounts that a call names, by key."""
    return {account.key: account for account in given}


def account_health(account: MarginAccount, given: Given, kind: HealthKind, clock: Clock) -> int:
    """The account's health, in quote units with 18 decimals."""
    positions = active_tokens(account)
    banks = [Bank.view(found(given, each.bank)) for each in positions]
    tokens = [
        Token(_token_terms(bank, given, kind, clock), native(bank, each.indexed))
        for bank, each in zip(banks, positions, strict=True)
    ]
    places = {bank.key: place for place, bank in enumerate(banks)}
    mints = [bank.mint for bank in banks]
    perps = [
        perp_of(Trader.view(found(given, key)), given, mints, kind, clock)
        for key in account.traders
        if key != NOBODY
    ]
    return health_of(tokens, _orders(account, places), perps)


def active_tokens(account: MarginAccount) -> list[TokenPosition]:
    """The slots for tokens that are in use."""
    return [position for position in account.tokens if position.bank != NOBODY]


def native(bank: Bank, indexed: int) -> int:
    """An indexed amount in tokens with 18 decimals, rounded down: debts grow, deposits shrink."""
    index = bank.borrow_index if indexed < 0 else bank.deposit_index
    return indexed * index // INDEXED_UNIT


def oracle_price(bank: Bank, given: Given, clock: Clock) -> int:
    """The price of the bank's token, with 18 decimals."""
    feed = Feed.view(found(given, bank.feed))
    age_s = clock.unix_timestamp - feed.published_at
    return checked_price(feed, age_s, bank.price_age_max_s, bank.price_exponent, bank.price_unit)


def perp_of(
    trader: Trader, given: Given, mints: list[Pubkey], kind: HealthKind, clock: Clock
) -> Perp:
    """What an account in a market counts for; its margin is of the first token of these mints."""
    market = Market.view(found(given, trader.market))
    require(market.mint in mints, PerpetualsError.WrongAccounts, account=market)
    price = price_now(market, Feed.view(found(given, market.feed)), clock)
    balance = settled(trader, index_now(market, clock), market.loss_index)
    terms, overall = _market_terms(market, price, kind)
    return Perp(
        settle=mints.index(market.mint),
        terms=terms,
        overall_weight=overall,
        quote=balance.margin,
        base=balance.position,
        bids=trader.bids,
        asks=trader.asks,
    )


def found(given: Given, key: Pubkey) -> UncheckedAccount:
    """The account of that key, which must be given."""
    account = given.get(key)
    if account is None:
        fail(PerpetualsError.WrongAccounts, f"{key} is missing")
    return account


def _token_terms(bank: Bank, given: Given, kind: HealthKind, clock: Clock) -> Terms:
    return terms_of(bank, oracle_price(bank, given, clock), kind, clock.unix_timestamp)


def _orders(account: MarginAccount, places: Mapping[Pubkey, int]) -> list[Orders]:
    return [
        Orders(
            places[each.base_bank],
            places[each.quote_bank],
            each.base,
            each.quote,
            each.lowest_ask,
            each.highest_bid,
        )
        for each in account.orders
        if each.base_bank != NOBODY
    ]


def _market_terms(market: Market, price: int, kind: HealthKind) -> tuple[Terms, int]:
    """(terms of the base asset, weight of a gain)"""
    if kind is HealthKind.Maint:
        terms = Terms(market.maint_asset_weight, market.maint_liab_weight, price, price)
        return terms, market.maint_overall_weight
    stable = market.stable_price if kind is HealthKind.Init else 0
    prices = price_range(price, stable)
    return (
        Terms(market.init_asset_weight, market.init_liab_weight, *prices),
        market.init_overall_weight,
    )
