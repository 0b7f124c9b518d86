"""Tokens in and out of a reserve's vaults.

Any token account that belongs to the reserve's authority is a vault of the reserve: it may have as
many as keep its users out of each other's way.
"""

from __future__ import annotations

from ...kit import Context, Signer, UncheckedAccount, is_none, require
from ..authorities import authority_seeds
from ..token import TOKEN_ID, TokenAccount
from ..token_moves import move_in, move_out
from .errors import LendingError
from .state import Reserve


def require_vault(vault: UncheckedAccount, reserve: Reserve) -> None:
    """Require a token account of the reserve's authority and mint, which nobody else may close."""
    require(vault.owner == TOKEN_ID, LendingError.WrongVault, account=vault)
    held = TokenAccount.view(vault)
    require(held.token_owner == reserve.authority, LendingError.WrongVault, account=vault)
    require(held.mint == reserve.mint, LendingError.WrongVault, account=vault)
    # Who may close it could, during a flash loan, put an account of its own in its place.
    require(is_none(held.close_authority), LendingError.WrongVault, account=vault)


def take_in(
    ctx: Context,
    reserve: Reserve,
    source: UncheckedAccount,
    vault: UncheckedAccount,
    payer: Signer,
    amount: int,
) -> None:
    """Move tokens from a user's account into a vault."""
    require_vault(vault, reserve)
    move_in(ctx, source, vault, payer, amount)


def pay_out(
    ctx: Context,
    reserve: Reserve,
    vault: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    amount: int,
) -> None:
    """Move tokens out of a vault; the reserve's authority signs."""
    require_vault(vault, reserve)
    move_out(ctx, vault, destination, authority, authority_seeds(reserve.key, reserve.bump), amount)
