"""What the admin sets, and prices, which anyone may bring up to date.

The engine's ceiling is handed out to shards: no draw has to add up the debt of all. A ceiling below
the debt there is stops draws only.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64, u256
from ..oracle import Feed, fresh_price
from .errors import StablecoinError
from .program import stablecoin
from .relations import require_admin, require_engine, require_key, require_live, require_type
from .rules.debt import rate_at
from .rules.fixed_point import ray_quotient
from .state import CollateralType, DebtShard, Engine

RAY_DECIMALS = 27


@stablecoin.instruction(tag=6)
def set_engine(engine: Mut[Engine], admin: Signer, ceiling: u256, base_fee: u256) -> None:
    """Set the ceiling [rad] that shards share, and the fee [ray] added to every type's."""
    require_admin(engine, admin)
    require_live(engine)
    engine.ceiling = ceiling
    engine.base_fee = base_fee


@stablecoin.instruction(tag=7)
def set_ceiling(
    engine: Mut[Engine],
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    admin: Signer,
    ceiling: u256,
) -> None:
    """Set a shard's debt ceiling [rad], out of what the engine's has left."""
    require_admin(engine, admin)
    require_live(engine)
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(shard.collateral_type, collateral_type, shard)
    allotted = engine.allotted - shard.ceiling + ceiling
    less = ceiling <= shard.ceiling
    require(less or allotted <= engine.ceiling, StablecoinError.CeilingExceeded, account=engine)
    engine.allotted = allotted
    shard.ceiling = ceiling


@stablecoin.instruction(tag=8)
def set_risk(
    engine: Engine,
    collateral_type: Mut[CollateralType],
    feed: UncheckedAccount,
    admin: Signer,
    ratio: u256,
    floor: u256,
    feed_age_max_s: u64,
) -> None:
    """Set a type's collateral ratio [ray], debt floor [rad] and price feed.

    The ratio takes effect with the next price.
    """
    require_admin(engine, admin)
    require_live(engine)
    require_engine(collateral_type.engine, engine, collateral_type)
    require(ratio > 0, StablecoinError.InvalidParameter, "the ratio is zero")
    collateral_type.ratio = ratio
    collateral_type.floor = floor
    collateral_type.feed = feed.key
    collateral_type.feed_age_max_s = feed_age_max_s


@stablecoin.instruction(tag=9)
def set_fee(
    ctx: Context, engine: Engine, collateral_type: Mut[CollateralType], admin: Signer, fee: u256
) -> None:
    """Set a type's stability fee [ray, a second] from now on.

    `drip` must have been called in the same second: RateNotUpdated.
    """
    require_admin(engine, admin)
    require_engine(collateral_type.engine, engine, collateral_type)
    up_to_date = collateral_type.updated_at == ctx.clock.unix_timestamp
    require(up_to_date, StablecoinError.RateNotUpdated, account=collateral_type)
    collateral_type.fee = fee


@stablecoin.instruction(tag=10)
def drip(ctx: Context, engine: Engine, collateral_type: Mut[CollateralType]) -> None:
    """Write down the rate of now. Anyone may; everything else folds it from the time."""
    require_engine(collateral_type.engine, engine, collateral_type)
    now = ctx.clock.unix_timestamp
    collateral_type.rate = rate_at(engine, collateral_type, now)
    collateral_type.updated_at = now


@stablecoin.instruction(tag=11)
def update_price(ctx: Context, collateral_type: Mut[CollateralType], feed: Feed) -> None:
    """Take the price of the type's feed. Anyone may; the safe price is rounded down."""
    price = price_now(ctx, collateral_type, feed)
    collateral_type.price = price
    collateral_type.safe_price = ray_quotient(price, collateral_type.ratio)


def price_now(ctx: Context, collateral_type: CollateralType, feed: Feed) -> int:
    """The price [ray] that the type's feed tells now."""
    require_key(collateral_type.feed, feed)
    price = fresh_price(
        feed,
        ctx.clock,
        collateral_type.feed_age_max_s,
        stale=StablecoinError.StalePrice,
        invalid=StablecoinError.InvalidPrice,
    )
    return price.scaled(RAY_DECIMALS)


@stablecoin.instruction(tag=12)
def shut_down(engine: Mut[Engine], admin: Signer) -> None:
    """Stop draws, new savings, new auctions and exits of coins, for good."""
    require_admin(engine, admin)
    engine.live = False
