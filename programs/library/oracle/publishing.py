"""Feeds of several publishers: each writes an account of its own, so that none waits for another.

`aggregate` reads them all and writes the feed; anybody may call it. Who calls cannot choose among
the publishers: all must be passed.
"""

from __future__ import annotations

from ...kit import Context, Mut, ProgramFailure, Signer, UncheckedAccount, fail, i64, require, u64
from ..units import BASIS_POINTS
from .aggregation import Quote, median, quartiles
from .averages import take_into_averages
from .errors import OracleError
from .events import Aggregated
from .program import oracle
from .single import require_authority
from .state import Aggregation, Feed, FeedStatus, Publisher

PUBLISHERS_MAX = 32


@oracle.instruction(tag=4)
def add_publisher(
    feed: Mut[Feed],
    publisher: Mut[UncheckedAccount],
    publisher_key: UncheckedAccount,
    authority: Signer,
) -> None:
    """Let somebody publish for a feed, in a new account."""
    require_authority(feed, authority)
    require(feed.publishers < PUBLISHERS_MAX, OracleError.TooManyPublishers, account=feed)
    feed.publishers += 1
    Publisher.view(publisher).initialize(feed=feed.key, publisher=publisher_key.key)


@oracle.instruction(tag=5)
def remove_publisher(feed: Mut[Feed], publisher: Mut[Publisher], authority: Signer) -> None:
    """Let somebody publish no longer; the account belongs to no feed then."""
    require_authority(feed, authority)
    require(publisher.feed == feed.key, OracleError.WrongPublishers, account=publisher)
    feed.publishers -= 1
    publisher.feed = publisher.key


@oracle.instruction(tag=6)
def publish(
    ctx: Context,
    publisher: Mut[Publisher],
    authority: Signer,
    price: i64,
    confidence: u64,
    published_at: i64,
    status: FeedStatus,
) -> None:
    """Publish a price. It counts when the feed is next aggregated."""
    require(publisher.publisher == authority.key, OracleError.WrongPublisher, account=authority)
    require(published_at >= publisher.published_at, OracleError.TimeBackwards, account=publisher)
    now = ctx.clock.unix_timestamp
    require(published_at <= now, OracleError.FromTheFuture, account=publisher)
    publisher.price = price
    publisher.confidence = confidence
    publisher.published_at = published_at
    publisher.status = status


publish.batch(publish.handler)


@oracle.instruction(tag=7)
def aggregate(ctx: Context, feed: Mut[Feed], publishers: list[UncheckedAccount]) -> None:
    """Make the feed's price from the prices of all its publishers.

    With `Quartiles`, too few prices leave the feed without a status; with `Median`, the last price
    stays until there are enough.
    """
    now = ctx.clock.unix_timestamp
    quotes = [quote for each in _all(ctx, feed, publishers) if (quote := _quote(feed, each, now))]
    enough = len(quotes) >= feed.config.publishers_min
    if feed.config.method is Aggregation.Median:
        require(enough, OracleError.TooFewPrices, account=feed)
    elif not enough:
        feed.status = FeedStatus.Halted if feed.halted else FeedStatus.Unknown
        return
    price, confidence = _aggregated(feed, quotes, now)
    feed.price, feed.confidence, feed.published_at = price, confidence, now
    feed.status = FeedStatus.Halted if feed.halted else FeedStatus.Trading
    take_into_averages(feed, now)
    ctx.emit(Aggregated(feed=feed.key, price=price, confidence=confidence, publishers=len(quotes)))


def _aggregated(feed: Feed, quotes: list[Quote], now: int) -> Quote:
    if feed.config.method is Aggregation.Quartiles:
        return quartiles(quotes)
    price, deviation = median([price for price, _ in quotes])
    if feed.status is FeedStatus.Trading:
        moved = abs(price - feed.price) * BASIS_POINTS
        changed = moved >= feed.config.change_min_bps * feed.price
        due = now - feed.published_at >= feed.config.unchanged_max_s
        require(changed or due, OracleError.Unchanged, account=feed)
    return price, deviation


def _quote(feed: Feed, publisher: Publisher, now: int) -> Quote | None:
    """What the publisher says, if it can be used: trading, fresh, above its own interval."""
    price, confidence = publisher.price, publisher.confidence
    fresh = now - publisher.published_at <= feed.config.age_max_s
    if publisher.status is not FeedStatus.Trading or not fresh:
        return None
    certain = feed.config.method is Aggregation.Median or confidence > 0
    return (price, confidence) if certain and price > confidence else None


def _all(ctx: Context, feed: Feed, accounts: list[UncheckedAccount]) -> list[Publisher]:
    count = feed.publishers
    require(len(accounts) == count > 0, OracleError.WrongPublishers, account=feed)
    keys = {account.key for account in accounts}
    require(len(keys) == len(accounts), OracleError.WrongPublishers, account=feed)
    return [_publisher(ctx, feed, account) for account in accounts]


def _publisher(ctx: Context, feed: Feed, account: UncheckedAccount) -> Publisher:
    require(account.owner == ctx.program_id, OracleError.WrongPublishers, account=account)
    try:
        publisher = Publisher.view(account)
        of_feed = publisher.feed == feed.key
    except ProgramFailure as failure:
        fail(OracleError.WrongPublishers, failure.detail, account=account)
    require(of_feed, OracleError.WrongPublishers, account=account)
    return publisher
