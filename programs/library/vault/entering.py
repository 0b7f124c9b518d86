"""Deposits: assets for shares, at once. For requests that an intake settles, see `intakes`."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token_moves import mint_out, move_in
from .accounts import Authority, require_same
from .books import book_of, enter, require_deposit, require_mint
from .errors import VaultError
from .events import Deposited
from .pricing import Move, deposit_move, mint_move
from .program import vault as program
from .state import Vault


@program.instruction(tag=4)
def deposit(
    ctx: Context,
    vault: Mut[Vault],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    assets: u64,
    shares_min: u64,
) -> None:
    """Pay in exactly these assets, for as many shares as they are worth."""
    book = book_of(vault, ctx.clock.unix_timestamp)
    require_deposit(vault, book, assets)
    move = deposit_move(book, assets)
    require(move.shares >= shares_min, VaultError.ExceededSlippage)
    _enter(ctx, vault, authority, idle_vault, share_mint, source, destination, owner, move)


@program.instruction(tag=5)
def mint(
    ctx: Context,
    vault: Mut[Vault],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    shares: u64,
    assets_max: u64,
) -> None:
    """Get exactly these shares, for what they cost."""
    book = book_of(vault, ctx.clock.unix_timestamp)
    require_mint(vault, book, shares)
    move = mint_move(book, shares)
    require(move.assets <= assets_max, VaultError.ExceededSlippage)
    _enter(ctx, vault, authority, idle_vault, share_mint, source, destination, owner, move)


def _enter(
    ctx: Context,
    vault: Vault,
    authority: UncheckedAccount,
    idle_vault: UncheckedAccount,
    share_mint: UncheckedAccount,
    source: UncheckedAccount,
    destination: UncheckedAccount,
    owner: Signer,
    move: Move,
) -> None:
    require_same(idle_vault, vault.idle_vault)
    require_same(share_mint, vault.share_mint)
    enter(vault, move)
    move_in(ctx, source, idle_vault, owner, move.assets)
    seeds = authority_seeds(vault.key, vault.bump)
    mint_out(ctx, share_mint, destination, authority, seeds, move.shares)
    assets, shares, fee = move
    ctx.emit(Deposited(vault=vault.key, assets=assets, shares=shares, fee=fee))
