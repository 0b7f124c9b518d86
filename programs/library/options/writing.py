"""Options written from a vault, and taken back.

Minting writes the mint, for which all writers of a series would wait. So options are minted in bulk
into token accounts of the product, the *stock* of a series, and writing moves them out of one of
these; what comes back goes there, too. Options in stock are nobody's, and pay nothing.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token_moves import move_in, move_out
from .errors import OptionsError
from .events import BoughtBack, Written
from .margin import require_margin
from .program import options
from .state import Product, Series, Vault
from .vaults import (
    changed,
    product_seeds,
    require_live,
    require_tokens,
    require_writer,
)


@options.instruction(tag=7)
def write(
    ctx: Context,
    product: Product,
    series: Series,
    vault: Mut[Vault],
    source: Mut[UncheckedAccount],
    pool: Mut[UncheckedAccount],
    stock: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    writer: Signer,
    related: list[UncheckedAccount],
    collateral: u64,
    amount: u64,
) -> None:
    """Pay collateral in and hand out options, if the vault then holds what is required."""
    require_writer(product, vault, writer)
    require_live(ctx, product, series)
    fits = (vault.short == series.key) | (vault.short_amount == 0)
    require(fits, OptionsError.ShortHeld, account=vault)
    require_tokens(pool, product.collateral, product.authority)
    require_tokens(stock, series.mint, product.authority)
    vault.short = series.key
    vault.short_amount += amount
    vault.collateral += collateral
    require_margin(product, vault, series, related, ctx.clock)
    changed(ctx, vault)
    move_in(ctx, source, pool, writer, collateral)
    move_out(ctx, stock, destination, authority, product_seeds(product), amount)
    ctx.emit(Written(vault=vault.key, series=series.key, amount=amount, collateral=collateral))


@options.instruction(tag=8)
def buy_back(
    ctx: Context,
    product: Product,
    series: Series,
    vault: Mut[Vault],
    source: Mut[UncheckedAccount],
    stock: Mut[UncheckedAccount],
    writer: Signer,
    amount: u64,
) -> None:
    """Give options back that the vault has written: it owes them no longer."""
    require_writer(product, vault, writer)
    require_live(ctx, product, series)
    require(vault.short == series.key, OptionsError.WrongSeries, account=series)
    require(amount <= vault.short_amount, OptionsError.InsufficientShort, account=vault)
    require_tokens(stock, series.mint, product.authority)
    vault.short_amount -= amount
    move_in(ctx, source, stock, writer, amount)
    ctx.emit(BoughtBack(vault=vault.key, series=series.key, amount=amount))
