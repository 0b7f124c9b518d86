"""Long options in a vault: they count against what its short ones can cost.

While they lie in a vault, they are part of the series' stock, and the vault says whose they are.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token_moves import move_in, move_out
from .errors import OptionsError
from .margin import require_margin, require_same_expiry
from .program import options
from .state import Product, Series, Vault
from .vaults import (
    changed,
    product_seeds,
    require_live,
    require_live_or_empty,
    require_tokens,
    require_writer,
)


@options.instruction(tag=9)
def deposit_long(
    ctx: Context,
    product: Product,
    long: Series,
    vault: Mut[Vault],
    source: Mut[UncheckedAccount],
    stock: Mut[UncheckedAccount],
    writer: Signer,
    related: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Put options of another series into a vault; `related`: the series that it has written."""
    require_writer(product, vault, writer)
    require_live(ctx, product, long)
    require(not vault.margined, OptionsError.NakedLong, account=vault)
    holds = vault.long == long.key or vault.long_amount == 0
    require(holds, OptionsError.LongHeld, account=vault)
    if vault.short_amount > 0:
        require(len(related) > 0, OptionsError.MissingAccount)
        require(related[0].key == vault.short, OptionsError.WrongSeries, account=related[0])
        require_same_expiry(Series.view(related[0]), long)
    require_tokens(stock, long.mint, product.authority)
    vault.long = long.key
    vault.long_amount += amount
    move_in(ctx, source, stock, writer, amount)


@options.instruction(tag=10)
def withdraw_long(
    ctx: Context,
    product: Product,
    series: Series,
    long: Series,
    vault: Mut[Vault],
    stock: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    writer: Signer,
    related: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take options out that the vault does not need. Expired ones, too, if it has no others."""
    require_writer(product, vault, writer)
    require(vault.long == long.key, OptionsError.WrongSeries, account=long)
    require(amount <= vault.long_amount, OptionsError.InsufficientLong, account=vault)
    require_tokens(stock, long.mint, product.authority)
    vault.long_amount -= amount
    require_live_or_empty(ctx, vault, series)
    require_margin(product, vault, series, related, ctx.clock)
    changed(ctx, vault)
    move_out(ctx, stock, destination, authority, product_seeds(product), amount)
