"""Tokens in and out of a reserve's vaults.

Any token account that belongs to the reserve's authority is a vault of the reserve: it may have as
many as keep its users out of each other's way.
"""

from __future__ import annotations

from ...kit import Context, Pubkey, Signer, UncheckedAccount, require
from ..token import TOKEN_ID, TokenAccount
from ..token_moves import move_in, move_out
from .errors import LendingError
from .state import AUTHORITY_SEED, Reserve


def require_vault(vault: UncheckedAccount, reserve: Reserve) -> None:
    """Require a token account of the reserve's authority; its mint the token program compares."""
    require(vault.owner == TOKEN_ID, LendingError.WrongVault, account=vault)
    held = TokenAccount.view(vault)
    require(held.token_owner == reserve.authority, LendingError.WrongVault, account=vault)
    require(held.mint == reserve.mint, LendingError.WrongVault, account=vault)


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
    move_out(ctx, vault, destination, authority, authority_seeds(reserve), amount)


def authority_seeds(reserve: Reserve) -> list[bytes]:
    """The seeds by which the reserve's authority signs."""
    return [AUTHORITY_SEED, reserve.key, reserve.bump.to_bytes()]


def authority_of(reserve: str | bytes, program_id: Pubkey) -> tuple[Pubkey, int]:
    """The authority of a reserve's vaults, and its bump."""
    return Pubkey.find_program_address([AUTHORITY_SEED, Pubkey.of(reserve)], program_id)
