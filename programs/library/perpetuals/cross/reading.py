"""What the health of a margin account depends on, read from the accounts that a call names.

First, for each token of the account, its bank and that bank's feed; then, for each of its accounts
in markets, that account, its market and the market's feed; all in the order of the account's slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....kit import Clock, Pubkey, UncheckedAccount, require
from ...oracle import Feed
from ..errors import PerpetualsError
from ..funding import index_now, settled
from ..price import checked_price, market_price
from ..state import NOBODY, Market, Trader
from .health import Orders, Perp, Token, health_of
from .state import INDEXED_UNIT, Bank, HealthKind, MarginAccount, TokenPosition
from .weights import Terms, price_range, terms_of


def account_health(
    account: MarginAccount, given: Sequence[UncheckedAccount], kind: HealthKind, clock: Clock
) -> int:
    """The account's health, in quote units with 18 decimals."""
    wanted = health_accounts_count(account)
    require(len(given) == wanted, PerpetualsError.WrongAccounts, f"{wanted} are needed")
    rest = iter(given)
    banks = [_bank(position.bank, rest, clock) for position in active_tokens(account)]
    tokens = [
        Token(terms_of(bank, price, kind, clock.unix_timestamp), native(bank, position.indexed))
        for (bank, price), position in zip(banks, active_tokens(account), strict=True)
    ]
    mints = [bank.mint for bank, _ in banks]
    places = {position.bank: place for place, position in enumerate(active_tokens(account))}
    perps = [_perp(key, rest, mints, kind, clock) for key in account.traders if key != NOBODY]
    return health_of(tokens, _orders(account, places), perps)


def health_accounts_count(account: MarginAccount) -> int:
    """How many accounts a call names for this account's health."""
    return 2 * len(active_tokens(account)) + 3 * sum(key != NOBODY for key in account.traders)


def active_tokens(account: MarginAccount) -> list[TokenPosition]:
    """The slots for tokens that are in use."""
    return [position for position in account.tokens if position.bank != NOBODY]


def native(bank: Bank, indexed: int) -> int:
    """An indexed amount in tokens with 18 decimals, rounded down: debts grow, deposits shrink."""
    index = bank.borrow_index if indexed < 0 else bank.deposit_index
    return indexed * index // INDEXED_UNIT


def bank_price(bank: Bank, feed: Feed, clock: Clock) -> int:
    """The price of the bank's token, with 18 decimals."""
    require(feed.key == bank.feed, PerpetualsError.WrongFeed, account=feed)
    age_s = clock.unix_timestamp - feed.published_at
    return checked_price(feed, age_s, bank.price_age_max_s, bank.price_exponent, bank.price_unit)


def _bank(key: Pubkey, rest: Iterator[UncheckedAccount], clock: Clock) -> tuple[Bank, int]:
    account, feed = next(rest), next(rest)
    require(account.key == key, PerpetualsError.WrongAccounts, account=account)
    bank = Bank.view(account)
    require(feed.key == bank.feed, PerpetualsError.WrongFeed, account=feed)
    return bank, bank_price(bank, Feed.view(feed), clock)


def _orders(account: MarginAccount, places: dict[Pubkey, int]) -> list[Orders]:
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


def _perp(
    key: Pubkey,
    rest: Iterator[UncheckedAccount],
    mints: list[Pubkey],
    kind: HealthKind,
    clock: Clock,
) -> Perp:
    own, place, feed = next(rest), next(rest), next(rest)
    require(own.key == key, PerpetualsError.WrongAccounts, account=own)
    trader = Trader.view(own)
    require(place.key == trader.market, PerpetualsError.WrongAccounts, account=place)
    market = Market.view(place)
    require(market.mint in mints, PerpetualsError.WrongAccounts, account=place)
    require(feed.key == market.feed, PerpetualsError.WrongFeed, account=feed)
    price = market_price(market, Feed.view(feed), clock)
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
