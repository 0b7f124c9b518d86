"""Checks on accounts, and the addresses that own what a vault holds."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ...kit import (
    Pubkey,
    Seeds,
    Signer,
    UncheckedAccount,
    require,
)
from ..authorities import AUTHORITY_SEED, found_authority
from ..token import Mint, TokenAccount
from .errors import VaultError
from .program import VAULT_ID
from .state import Vault

# Calls leave it out.
Authority: TypeAlias = Annotated[UncheckedAccount, Seeds(AUTHORITY_SEED, "vault")]


def authority_of(account: str | bytes) -> Pubkey:
    """The address that owns the token accounts of a vault, an intake or a pool of rewards.

    >>> from sealane.programs import Pubkey
    >>> from sealane.programs.library.vault import authority_of, vault
    >>> seeds = [b"authority", Pubkey.of("usd_vault")]
    >>> authority_of("usd_vault") == Pubkey.find_program_address(seeds, vault.id)[0]
    True
    """
    return found_authority(account, VAULT_ID)[0]


def require_same(account: UncheckedAccount, key: Pubkey) -> None:
    """Require that this is the account that the state names."""
    require(account.key == key, VaultError.WrongTokens, account=account)


def require_admin(vault: Vault, admin: Signer) -> None:
    """Require the signature of the vault's admin."""
    require(vault.admin == admin.key, VaultError.NotAdmin, account=vault)


def require_tokens(account: TokenAccount, mint: Pubkey, authority: Pubkey) -> None:
    """Require a token account of this mint that only the authority can take from."""
    safe = account.delegate is None and account.close_authority is None
    fits = account.mint == mint and account.token_owner == authority
    require(fits and safe, VaultError.WrongTokens, account=account)


def require_share_mint(mint: Mint, authority: Pubkey) -> None:
    """Require a mint without supply that only the authority mints, and that nobody can freeze."""
    unused = mint.supply == 0 and mint.freeze_authority is None
    right = mint.mint_authority == authority
    require(unused and right, VaultError.InvalidShareMint, account=mint)
