"""Withdrawals: shares for assets, at once, out of what strategies do not have."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token import TokenAccount
from ..token_moves import burn_in, move_out
from .accounts import Authority, require_same
from .books import book_of, leave, require_withdraw
from .errors import VaultError
from .events import Withdrawn
from .pricing import Move, redeem_move, withdraw_move
from .program import vault as program
from .state import Vault


@program.instruction(tag=6)
def withdraw(
    ctx: Context,
    vault: Mut[Vault],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    assets: u64,
    shares_max: u64,
) -> None:
    """Get exactly these assets, for as many shares as they cost."""
    book = book_of(vault, ctx.clock.unix_timestamp)
    require_withdraw(vault, book, assets, source.amount)
    move = withdraw_move(book, assets)
    require(move.shares <= shares_max, VaultError.ExceededSlippage)
    _leave(ctx, vault, authority, idle_vault, share_mint, source, destination, owner, move)


@program.instruction(tag=7)
def redeem(
    ctx: Context,
    vault: Mut[Vault],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    source: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    shares: u64,
    assets_min: u64,
) -> None:
    """Burn exactly these shares, for what they are worth."""
    require(shares <= source.amount, VaultError.ExceededMaxRedeem, account=source)
    move = redeem_move(book_of(vault, ctx.clock.unix_timestamp), shares)
    require(move.assets >= assets_min, VaultError.ExceededSlippage)
    _leave(ctx, vault, authority, idle_vault, share_mint, source, destination, owner, move)


def _leave(
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
    leave(vault, move)
    burn_in(ctx, share_mint, source, owner, move.shares)
    seeds = authority_seeds(vault.key, vault.bump)
    move_out(ctx, idle_vault, destination, authority, seeds, move.assets)
    assets, shares, fee = move
    ctx.emit(Withdrawn(vault=vault.key, assets=assets, shares=shares, fee=fee))
