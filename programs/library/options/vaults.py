"""Writers' vaults: opened, and collateral paid in and out."""

from __future__ import annotations

from ...kit import Context, Mut, Pubkey, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token import TokenAccount
from ..token_moves import Seeds, move_in, move_out
from .errors import OptionsError
from .margin import require_margin
from .program import options
from .state import NOBODY, Product, Series, Vault


@options.instruction(tag=4)
def open_vault(
    product: Product, vault: Mut[UncheckedAccount], writer: UncheckedAccount, margined: bool
) -> None:
    """Make a vault of `writer`; a `margined` one may hold less than it can owe."""
    require(product.margined or not margined, OptionsError.NotMargined, account=product)
    Vault.view(vault).initialize(
        product=product.key, writer=writer.key, margined=margined, short=NOBODY, long=NOBODY
    )


@options.instruction(tag=5)
def deposit_collateral(
    ctx: Context,
    product: Product,
    vault: Mut[Vault],
    source: Mut[UncheckedAccount],
    pool: Mut[UncheckedAccount],
    payer: Signer,
    amount: u64,
) -> None:
    """Pay collateral into a vault, anybody's."""
    require(vault.product == product.key, OptionsError.WrongProduct, account=vault)
    require_tokens(pool, product.collateral, product.authority)
    vault.collateral += amount
    move_in(ctx, source, pool, payer, amount)


@options.instruction(tag=6)
def withdraw_collateral(
    ctx: Context,
    product: Product,
    series: Series,
    vault: Mut[Vault],
    pool: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    writer: Signer,
    related: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take collateral out that the vault does not need; 0 ends an auction that has no ground.

    `series`: of what the vault has written; any, if it has nothing.
    """
    require_writer(product, vault, writer)
    require(amount <= vault.collateral, OptionsError.InsufficientCollateral, account=vault)
    vault.collateral -= amount
    require_live_or_empty(ctx, vault, series)
    require_margin(product, vault, series, related, ctx.clock)
    changed(ctx, vault)
    pay_out(ctx, product, pool, destination, authority, amount)


def require_writer(product: Product, vault: Vault, writer: Signer) -> None:
    """Require the writer of a vault of this product."""
    require(vault.product == product.key, OptionsError.WrongProduct, account=vault)
    require(vault.writer == writer.key, OptionsError.NotWriter, account=vault)


def require_live(ctx: Context, product: Product, series: Series) -> None:
    """Require a series of this product that has not expired."""
    require(series.product == product.key, OptionsError.WrongProduct, account=series)
    live = ctx.clock.unix_timestamp < series.expires_at
    require(live, OptionsError.Expired, account=series)


def require_live_or_empty(ctx: Context, vault: Vault, series: Series) -> None:
    """Require that what the vault has written has not expired: then it is settled."""
    live = ctx.clock.unix_timestamp < series.expires_at
    require(vault.short_amount == 0 or live, OptionsError.Expired, account=series)


def require_tokens(account: UncheckedAccount, mint: Pubkey, authority: Pubkey) -> None:
    """Require a token account of the product's authority, for this mint."""
    held = TokenAccount.view(account)
    fits = (held.mint == mint) & (held.token_owner == authority)
    require(fits, OptionsError.WrongTokens, account=account)


def pay_out(
    ctx: Context,
    product: Product,
    pool: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    amount: int,
) -> None:
    """Pay collateral from one of the product's token accounts."""
    require_tokens(pool, product.collateral, product.authority)
    move_out(ctx, pool, destination, authority, product_seeds(product), amount)


def product_seeds(product: Product) -> Seeds:
    """The seeds with which the product's authority signs."""
    return authority_seeds(product.key, product.bump)


def changed(ctx: Context, vault: Vault) -> None:
    """Note a change by the writer, after which the vault holds what it must: no auction goes on."""
    vault.updated_at = ctx.clock.unix_timestamp
    vault.auction_at = 0
    vault.auction_price = 0
