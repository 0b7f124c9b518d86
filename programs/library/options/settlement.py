"""After expiry: the prices that count, what holders get, and what writers get back.

The prices are set once for a product and time, so that the two sides of a spread are paid by the
same ones. All collateral of a product backs all its options, as in the reference: what vaults can
owe is covered, so it does not matter who comes first. Margined vaults may leave a hole, which is
filled by a gift or hits who comes last; products are kept apart for that.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token_moves import move_in
from .errors import OptionsError
from .events import PricesFinal, Redeemed, VaultSettled
from .margin import live_price, long_of, published_at
from .program import options
from .rules.payoff import Prices, payout, payout_rate
from .rules.valuation import Position, expired_balance
from .state import NOBODY, Expiry, Product, Series, Vault
from .vaults import pay_out, require_tokens, require_writer


@options.instruction(tag=15)
def set_prices(
    ctx: Context,
    product: Product,
    expiry: Mut[Expiry],
    underlying_feed: UncheckedAccount,
    strike_feed: UncheckedAccount,
    collateral_feed: UncheckedAccount,
    caller: Signer,
) -> None:
    """Freeze prices published since the expiry. Anybody may at first, later only the admin."""
    require(expiry.product == product.key, OptionsError.WrongProduct, account=expiry)
    require(not expiry.final, OptionsError.AlreadyFinal, account=expiry)
    since_s = ctx.clock.unix_timestamp - expiry.at
    require(since_s >= 0, OptionsError.NotExpired, account=expiry)
    may = since_s <= product.window_s or caller.key == product.admin
    require(may, OptionsError.WindowOver, account=expiry)
    expiry.underlying_price = _price(ctx, product, expiry, underlying_feed, 0)
    expiry.strike_price = _price(ctx, product, expiry, strike_feed, 1)
    expiry.collateral_price = _price(ctx, product, expiry, collateral_feed, 2)
    expiry.final = True
    found = prices_of(expiry)._asdict()
    ctx.emit(PricesFinal(expiry=expiry.key, **{f"{key}_price": v for key, v in found.items()}))


@options.instruction(tag=16)
def redeem(
    ctx: Context,
    product: Product,
    expiry: Expiry,
    series: Series,
    source: Mut[UncheckedAccount],
    stock: Mut[UncheckedAccount],
    pool: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    holder: Signer,
    amount: u64,
) -> None:
    """Give expired options for what they pay."""
    require(series.product == product.key, OptionsError.WrongProduct, account=series)
    require_final(expiry, series)
    require_tokens(stock, series.mint, product.authority)
    rate = payout_rate(series.is_put, series.strike, prices_of(expiry), series)
    paid = payout(amount, rate)
    move_in(ctx, source, stock, holder, amount)
    pay_out(ctx, product, pool, destination, authority, paid)
    ctx.emit(Redeemed(series=series.key, holder=holder.key, amount=amount, paid=paid))


@options.instruction(tag=17)
def settle_vault(
    ctx: Context,
    product: Product,
    expiry: Expiry,
    series: Series,
    vault: Mut[Vault],
    pool: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    writer: Signer,
    related: list[UncheckedAccount],
) -> None:
    """Pay a writer what the expired options left, and empty the vault.

    `series`: the short one, or the long one if there is no other. `related`: the long one's, if
    the vault has both.
    """
    require_writer(product, vault, writer)
    require_final(expiry, series)
    left = expired_balance(_expired_position(vault, series, related), prices_of(expiry))
    require(left.is_excess, OptionsError.Undercollateralized, account=vault)
    vault.short_amount = vault.long_amount = vault.collateral = 0
    vault.short = vault.long = NOBODY
    vault.auction_at = 0
    pay_out(ctx, product, pool, destination, authority, left.amount)
    ctx.emit(VaultSettled(vault=vault.key, paid=left.amount))


def _expired_position(vault: Vault, series: Series, related: list[UncheckedAccount]) -> Position:
    if vault.short_amount == 0 and vault.long_amount > 0:
        require(vault.long == series.key, OptionsError.WrongSeries, account=series)
        return Position([], [series], 0, vault.long_amount, vault.collateral)
    require(vault.short == series.key, OptionsError.WrongSeries, account=series)
    longs = long_of(vault, series, list(related))
    return Position([series], longs, vault.short_amount, vault.long_amount, vault.collateral)


def require_final(expiry: Expiry, series: Series) -> None:
    """Require the series' own expiry, at prices that are final. For columns, too."""
    require(series.expiry == expiry.key, OptionsError.WrongExpiry, account=expiry)
    require(expiry.final, OptionsError.NotFinal, account=expiry)


def prices_of(expiry: Expiry) -> Prices:
    """The prices that were frozen."""
    return Prices(expiry.underlying_price, expiry.strike_price, expiry.collateral_price)


def _price(
    ctx: Context, product: Product, expiry: Expiry, feed: UncheckedAccount, which: int
) -> int:
    keys = product.underlying_feed, product.strike_feed, product.collateral_feed
    price = live_price(product, keys[which], feed, ctx.clock)
    since = published_at(feed) >= expiry.at
    require(since, OptionsError.PriceBeforeExpiry, account=feed)
    return price
