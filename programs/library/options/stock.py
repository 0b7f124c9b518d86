"""Token accounts of a product: options minted into stock, tokens moved between its own accounts.

Anybody may: nothing leaves the program by it, but what is given to it.
"""

from __future__ import annotations

from ...kit import Context, Mut, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token import Mint, token
from ..token_moves import mint_out, move_out
from .errors import OptionsError
from .program import options
from .state import Product, Series
from .vaults import pay_out, product_seeds, require_tokens


@options.instruction(tag=11)
def mint_stock(
    ctx: Context,
    product: Product,
    series: Series,
    mint: Mut[Mint],
    stock: Mut[UncheckedAccount],
    minter: UncheckedAccount,
    amount: u64,
) -> None:
    """Mint options into stock, from where they are written. `minter`: the series' own authority."""
    _require_stock(product, series, mint, stock)
    seeds = authority_seeds(series.key, series.mint_bump)
    mint_out(ctx, mint, stock, minter, seeds, amount)


@options.instruction(tag=12)
def burn_stock(
    ctx: Context,
    product: Product,
    series: Series,
    mint: Mut[Mint],
    stock: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    amount: u64,
) -> None:
    """Burn options that came back. Should they be needed again, they can be minted again."""
    _require_stock(product, series, mint, stock)
    call = token.burn(account=stock, mint=mint, authority=authority, amount=amount)
    ctx.invoke(call, signer_seeds=[product_seeds(product)])


@options.instruction(tag=13)
def move_stock(
    ctx: Context,
    product: Product,
    series: Series,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    amount: u64,
) -> None:
    """Move options from one account in stock to another."""
    require(series.product == product.key, OptionsError.WrongProduct, account=series)
    for stock in (source, destination):
        require_tokens(stock, series.mint, product.authority)
    move_out(ctx, source, destination, authority, product_seeds(product), amount)


@options.instruction(tag=14)
def move_collateral(
    ctx: Context,
    product: Product,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    amount: u64,
) -> None:
    """Move collateral from one of the product's accounts to another that runs short.

    Who wants to cover what margined vaults left open simply transfers tokens to one of them.
    """
    require_tokens(destination, product.collateral, product.authority)
    pay_out(ctx, product, source, destination, authority, amount)


def _require_stock(product: Product, series: Series, mint: Mint, stock: UncheckedAccount) -> None:
    require(series.product == product.key, OptionsError.WrongProduct, account=series)
    require(series.mint == mint.key, OptionsError.WrongMint, account=mint)
    require_tokens(stock, series.mint, product.authority)
