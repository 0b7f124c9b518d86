"""Setting up a feed, and a feed whose prices come from its authority alone."""

from __future__ import annotations

from ...kit import Arg, Context, Mut, Signer, UncheckedAccount, i32, i64, require, u64
from .averages import take_into_averages
from .errors import OracleError
from .program import oracle
from .state import Feed, FeedConfig, FeedStatus

EXPONENT_MAX = 18


@oracle.instruction(tag=0)
def initialize_feed(
    feed: Mut[UncheckedAccount], authority: UncheckedAccount, exponent: i32
) -> None:
    """Make a feed in a new account; it has no price yet, so nobody can read one."""
    require(-EXPONENT_MAX <= exponent <= EXPONENT_MAX, OracleError.InvalidConfig)
    Feed.view(feed).initialize(authority=authority.key, exponent=exponent)


@oracle.instruction(tag=1)
def post(
    ctx: Context,
    feed: Mut[Feed],
    authority: Signer,
    price: i64,
    confidence: u64,
    published_at: i64,
    status: FeedStatus,
) -> None:
    """Replace the price of a feed without publishers."""
    require_authority(feed, authority)
    require(feed.publishers == 0, OracleError.HasPublishers, account=feed)
    require(published_at >= feed.published_at, OracleError.TimeBackwards, account=feed)
    require(published_at <= ctx.clock.unix_timestamp, OracleError.FromTheFuture, account=feed)
    feed.price = price
    feed.confidence = confidence
    feed.published_at = published_at
    feed.status = FeedStatus.Halted if feed.halted else status
    if status is FeedStatus.Trading and price > 0:
        take_into_averages(feed, published_at)


@oracle.instruction(tag=2)
def configure(feed: Mut[Feed], authority: Signer, config: Arg[FeedConfig]) -> None:
    """Set how a feed is aggregated and averaged."""
    require_authority(feed, authority)
    require(config.publishers_min > 0, OracleError.InvalidConfig, account=feed)
    feed.config = config


@oracle.instruction(tag=3)
def halt(feed: Mut[Feed], authority: Signer, halted: bool) -> None:
    """Let nobody use a feed's price; or its next one again."""
    require_authority(feed, authority)
    feed.halted = halted
    feed.status = FeedStatus.Halted if halted else FeedStatus.Unknown


def require_authority(feed: Feed, authority: Signer) -> None:
    """Require that the feed's authority signs."""
    require(feed.authority == authority.key, OracleError.WrongAuthority, account=authority)
