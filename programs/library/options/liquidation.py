"""Margined vaults that hold too little: others give options back for their collateral.

An auction, as in Opyn Gamma: it begins at the price that an option is worth, less what the oracle
may be wrong, and within an hour rises to all collateral. There, one names a past price of the feed;
here, feeds keep none, so `start_auction` notes it.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token_moves import move_in
from .errors import OptionsError
from .events import Liquidated
from .margin import live_price, margined_needed, published_at
from .program import options
from .rules.fixed_point import FROM_8, OPTION, above_zero, from_units, units_down
from .rules.naked import debt_price
from .state import Product, Series, Vault
from .vaults import pay_out, require_live, require_tokens


@options.instruction(tag=18)
def start_auction(
    ctx: Context,
    product: Product,
    series: Series,
    vault: Mut[Vault],
    underlying_feed: UncheckedAccount,
) -> None:
    """Put a vault up for auction that holds too little at the feed's price. Anybody may."""
    _require_written(ctx, product, series, vault)
    price = live_price(product, product.underlying_feed, underlying_feed, ctx.clock)
    published = published_at(underlying_feed)
    require(published > vault.updated_at, OptionsError.PriceBeforeUpdate, account=vault)
    _require_short_of_margin(ctx, product, series, vault, price)
    vault.auction_at = published
    vault.auction_price = price


@options.instruction(tag=19)
def liquidate(
    ctx: Context,
    product: Product,
    series: Series,
    vault: Mut[Vault],
    source: Mut[UncheckedAccount],
    stock: Mut[UncheckedAccount],
    pool: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    liquidator: Signer,
    amount: u64,
    collateral_min: u64,
) -> None:
    """Give options back for the vault, for collateral at the auction's price, rounded down.

    A rest must have more than next to no collateral.
    """
    _require_written(ctx, product, series, vault)
    require(vault.auction_at > 0, OptionsError.NoAuction, account=vault)
    _require_short_of_margin(ctx, product, series, vault, vault.auction_price)
    require(0 < amount <= vault.short_amount, OptionsError.InsufficientShort, account=vault)
    paid = amount * auction_price(product, series, vault, ctx.clock.unix_timestamp) // OPTION
    require(paid >= collateral_min, OptionsError.InsufficientCollateral, account=vault)
    vault.short_amount -= amount
    vault.collateral -= paid
    rest = vault.short_amount == 0 or vault.collateral >= product.dust
    require(rest, OptionsError.DustLeft, account=vault)
    require_tokens(stock, series.mint, product.authority)
    move_in(ctx, source, stock, liquidator, amount)
    pay_out(ctx, product, pool, destination, authority, paid)
    ctx.emit(Liquidated(vault=vault.key, amount=amount, collateral=paid))


def auction_price(product: Product, series: Series, vault: Vault, now_s: int) -> int:
    """How many of the smallest units of collateral one option takes over now."""
    gain = (vault.auction_price - series.strike) * FROM_8
    price = debt_price(
        series.is_put,
        from_units(vault.collateral, product),
        vault.short_amount * FROM_8,
        above_zero(0 - gain if series.is_put else gain),
        vault.auction_price * FROM_8,
        product.deviation,
        now_s - vault.auction_at,
    )
    return units_down(price, product)


def _require_written(ctx: Context, product: Product, series: Series, vault: Vault) -> None:
    require(vault.product == product.key, OptionsError.WrongProduct, account=vault)
    require_live(ctx, product, series)
    require(vault.margined, OptionsError.NotMargined, account=vault)
    written = vault.short_amount > 0 and vault.short == series.key
    require(written, OptionsError.WrongSeries, account=series)


def _require_short_of_margin(
    ctx: Context, product: Product, series: Series, vault: Vault, price: int
) -> None:
    now_s = ctx.clock.unix_timestamp
    needed = margined_needed(product, series, vault.short_amount, price, now_s)
    enough = from_units(vault.collateral, product) >= needed
    require(not enough, OptionsError.NotLiquidatable, account=vault)
