"""A feed whose prices come from its authority alone."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, i32, i64, require, u64
from .errors import OracleError
from .program import oracle
from .state import Feed, FeedStatus


@oracle.instruction(tag=0)
def initialize_feed(
    feed: Mut[UncheckedAccount], authority: UncheckedAccount, exponent: i32
) -> None:
    """Make a feed in a new account; it has no price yet, so nobody can read one."""
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
    """Replace the price of a feed."""
    require(feed.authority == authority.key, OracleError.WrongAuthority)
    require(published_at >= feed.published_at, OracleError.TimeBackwards, account=feed)
    require(published_at <= ctx.clock.unix_timestamp, OracleError.FromTheFuture, account=feed)
    feed.price = price
    feed.confidence = confidence
    feed.published_at = published_at
    feed.status = status
