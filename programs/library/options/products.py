"""Products and their series: what options there are, and on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...kit import (
    Arg,
    Context,
    Mut,
    Signer,
    UncheckedAccount,
    i64,
    is_none,
    require,
    u32,
    u64,
)
from ..authorities import found_authority
from ..token import Mint
from .errors import OptionsError
from .program import options
from .rules.fixed_point import scale_of
from .state import Expiry, MarginParams, Product, Series

OPTION_DECIMALS: Final = 8
DECIMALS_MAX: Final = 60  # beyond, a unit has no scale of 128 bits


@options.instruction(tag=0)
def initialize_product(
    ctx: Context,
    product: Mut[UncheckedAccount],
    underlying: Mint,
    strike_asset: Mint,
    collateral: Mint,
    underlying_feed: UncheckedAccount,
    strike_feed: UncheckedAccount,
    collateral_feed: UncheckedAccount,
    admin: Signer,
    is_put: bool,
    margined: bool,
    price_age_max_s: u32,
    window_s: u32,
) -> None:
    """Make a product. If it isn't `margined`, collateral is what is paid out, and covers it all.

    That is the strike asset of puts and the underlying of calls. The feed of an asset given twice
    must be the same.
    """
    own, feed = (strike_asset, strike_feed) if is_put else (underlying, underlying_feed)
    same = collateral.key == own.key
    require(margined or same, OptionsError.InvalidParameter, "collateral of another kind")
    fits = not same or collateral_feed.key == feed.key
    require(fits, OptionsError.WrongFeed, account=collateral_feed)
    require(underlying.key != strike_asset.key, OptionsError.InvalidParameter)
    require(collateral.decimals <= DECIMALS_MAX, OptionsError.InvalidParameter)
    authority, bump = found_authority(product.key, ctx.program_id)
    scale = scale_of(collateral.decimals)
    Product.view(product).initialize(
        admin=admin.key,
        underlying=underlying.key,
        strike_asset=strike_asset.key,
        collateral=collateral.key,
        underlying_feed=underlying_feed.key,
        strike_feed=strike_feed.key,
        collateral_feed=collateral_feed.key,
        authority=authority,
        bump=bump,
        is_put=is_put,
        margined=margined,
        converts=not same,
        unit=scale.unit,
        shrink=scale.shrink,
        price_age_max_s=price_age_max_s,
        window_s=window_s,
    )


@options.instruction(tag=1)
def configure_margin(product: Mut[Product], admin: Signer, params: Arg[MarginParams]) -> None:
    """Set what naked margin is by."""
    require(product.admin == admin.key, OptionsError.NotAdmin)
    require(product.margined, OptionsError.NotMargined, account=product)
    require_bounds(params.spot_shock, params.times_s, params.bounds)
    for name, value in params.values().items():
        setattr(product, name, value)


@options.instruction(tag=2)
def open_expiry(product: Product, expiry: Mut[UncheckedAccount], at: i64) -> None:
    """Make a time at which series of a product may expire. Anybody may."""
    require(at > 0, OptionsError.InvalidParameter)
    Expiry.view(expiry).initialize(product=product.key, at=at)


@options.instruction(tag=3)
def open_series(
    ctx: Context,
    product: Product,
    expiry: Expiry,
    series: Mut[UncheckedAccount],
    mint: Mint,
    strike: u64,
) -> None:
    """Make options of one strike and expiry. Anybody may.

    Only the series itself can mint: the mint's authority is the address derived from `authority`
    and the series, so no mint has two.
    """
    require(expiry.product == product.key, OptionsError.WrongProduct, account=expiry)
    require(ctx.clock.unix_timestamp < expiry.at, OptionsError.Expired, account=expiry)
    require(strike > 0 or not product.is_put, OptionsError.InvalidParameter, "a put at 0")
    minter, bump = found_authority(series.key, ctx.program_id)
    mine = mint.mint_authority == minter and is_none(mint.freeze_authority)
    fresh = mint.decimals == OPTION_DECIMALS and mint.supply == 0
    require(mine and fresh, OptionsError.WrongMint, account=mint)
    require(mint.key != product.collateral, OptionsError.WrongMint, account=mint)
    Series.view(series).initialize(
        product=product.key,
        expiry=expiry.key,
        mint=mint.key,
        mint_bump=bump,
        underlying=product.underlying,
        strike_asset=product.strike_asset,
        collateral=product.collateral,
        is_put=product.is_put,
        strike=strike,
        expires_at=expiry.at,
        unit=product.unit,
        shrink=product.shrink,
    )


def require_bounds(spot_shock: int, times_s: Sequence[int], bounds: Sequence[int]) -> None:
    """Require a shock, and ascending times that have a bound each."""
    require(spot_shock > 0, OptionsError.InvalidParameter, "invalid spot shock value")
    known = [time_s for time_s in times_s if time_s]
    require(bool(known), OptionsError.InvalidParameter, "invalid times to expiry")
    ordered = known == sorted(set(known)) and list(times_s[: len(known)]) == known
    require(ordered, OptionsError.InvalidParameter, "times should be in order")
    bounded = all(bounds[: len(known)])
    require(bounded, OptionsError.InvalidParameter, "no expiry upper bound value found")
