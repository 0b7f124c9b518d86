"""What a vault must hold before expiry, and whether it does.

`related` are the accounts that only some vaults depend on: the long option's series, if the vault
has one; the feed of the underlying, for a margined vault; the feeds of what is paid out and of
collateral, if these are not the same. A plain covered vault needs none.
"""

from __future__ import annotations

from typing import Final

from ...kit import Clock, Pubkey, UncheckedAccount, rarely, require
from ..oracle import Feed, fresh_price
from .errors import OptionsError
from .rules.combination import require_spread
from .rules.fixed_point import FROM_8, from_units
from .rules.naked import naked_needed, upper_bound
from .rules.payoff import Balance, balance, covered_needed
from .rules.valuation import Position, live_balance
from .state import Product, Series, Vault

_PRICE_DECIMALS: Final = 8


def require_margin(
    product: Product,
    vault: Vault,
    series: Series,
    related: list[UncheckedAccount],
    clock: Clock,
) -> None:
    """Require a vault that holds what its options ask for. `series`: of its short option."""
    fits = (vault.short == series.key) | (vault.short_amount == 0)
    require(fits, OptionsError.WrongSeries, account=series)
    if rarely((vault.long_amount > 0) | vault.margined | product.converts):
        enough = vault_balance(product, vault, series, related, clock).is_excess
        require(enough, OptionsError.Undercollateralized, account=vault)
        return
    needed = covered_needed(series.is_put, vault.short_amount, 0, series.strike, 0)
    enough = from_units(vault.collateral, series) >= needed
    require(enough, OptionsError.Undercollateralized, account=vault)


def vault_balance(
    product: Product,
    vault: Vault,
    series: Series,
    related: list[UncheckedAccount],
    clock: Clock,
) -> Balance:
    """What a vault has beyond what it needs."""
    if vault.short_amount == 0:
        return Balance(vault.collateral, True)
    others = list(related)
    longs = long_of(vault, series, others)
    position = Position([series], longs, vault.short_amount, vault.long_amount, vault.collateral)
    return position_balance(product, vault.margined, position, others, clock)


def position_balance(
    product: Product,
    margined: bool,
    position: Position,
    feeds: list[UncheckedAccount],
    clock: Clock,
) -> Balance:
    """What a position has beyond what it needs before expiry."""
    if not margined:
        return live_balance(position, *conversion(product, feeds, clock))
    above = position.collateral == 0 or position.collateral > product.dust
    require(above, OptionsError.BelowDust)
    spot = live_price(product, product.underlying_feed, take(feeds), clock)
    needed = margined_needed(
        product,
        position.terms,
        position.short_amount,
        spot,
        clock.unix_timestamp,
    )
    return balance(position.collateral, needed, product)


def margined_needed(product: Product, series: Series, amount: int, spot: int, now_s: int) -> int:
    """What a margined vault needs at a spot price."""
    bound = upper_bound(product.times_s, product.bounds, series.expires_at - now_s)
    return naked_needed(
        series.is_put,
        amount * FROM_8,
        series.strike * FROM_8,
        spot * FROM_8,
        bound,
        product.spot_shock,
    )


def conversion(product: Product, feeds: list[UncheckedAccount], clock: Clock) -> tuple[int, int]:
    """Live prices of what is paid out and of collateral; 1 and 1 if they are the same."""
    if not product.converts:
        return 1, 1
    own = product.strike_feed if product.is_put else product.underlying_feed
    price = live_price(product, own, take(feeds), clock)
    return price, live_price(product, product.collateral_feed, take(feeds), clock)


def long_of(vault: Vault, short: Series, others: list[UncheckedAccount]) -> list[Series]:
    """The series of a vault's long option, if it has one; it must go with the short one."""
    if vault.long_amount == 0:
        return []
    account = take(others)
    require(account.key == vault.long, OptionsError.WrongSeries, account=account)
    long = Series.view(account)
    require_same_expiry(short, long)
    return [long]


def require_same_expiry(short: Series, long: Series) -> None:
    """Require a spread whose options expire at the same prices."""
    require_spread(short, long)
    require(short.expiry == long.expiry, OptionsError.LongNotMarginable, account=long)


def take(others: list[UncheckedAccount]) -> UncheckedAccount:
    """The next of the accounts given."""
    require(len(others) > 0, OptionsError.MissingAccount)
    return others.pop(0)


def live_price(product: Product, key: Pubkey, feed: UncheckedAccount, clock: Clock) -> int:
    """The price that the feed at this key tells now, rounded down, above zero."""
    require(feed.key == key, OptionsError.WrongFeed, account=feed)
    found = fresh_price(
        Feed.view(feed),
        clock,
        product.price_age_max_s,
        stale=OptionsError.StalePrice,
        invalid=OptionsError.InvalidPrice,
    )
    scaled = found.scaled(_PRICE_DECIMALS)
    require(scaled > 0, OptionsError.InvalidPrice, account=feed)
    return scaled


def published_at(feed: UncheckedAccount) -> int:
    """When the feed's price was published, in Unix time."""
    return Feed.view(feed).published_at
