"""Checks on accounts, and the addresses that own what a vault holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

from ...kit import (
    InstructionErrors,
    Pubkey,
    Seeds,
    Signer,
    UncheckedAccount,
    require,
)
from ..token import Mint, TokenAccount
from .errors import VaultError
from .program import VAULT_ID
from .state import Vault

_PREFIX: Final = b"authority"

# Calls leave it out.
Authority: TypeAlias = Annotated[UncheckedAccount, Seeds(_PREFIX, "vault")]


def authority_of(account: str | bytes) -> Pubkey:
    """The address that owns the token accounts of a vault, an intake or a pool of rewards.

    >>> from sealane.programs import Pubkey
    >>> from sealane.programs.library.vault import authority_of, vault
    >>> seeds = [b"authority", Pubkey.of("usd_vault")]
    >>> authority_of("usd_vault") == Pubkey.find_program_address(seeds, vault.id)[0]
    True
    """
    return found_authority(Pubkey.of(account))[0]


def found_authority(account: Pubkey) -> tuple[Pubkey, int]:
    """The authority of an account, and the bump of its address."""
    return Pubkey.find_program_address([_PREFIX, account], VAULT_ID)


def authority_seeds(account: Pubkey, bump: int) -> Sequence[bytes]:
    """The seeds with which the authority signs nested calls."""
    return [_PREFIX, account, bump.to_bytes()]


def require_new(account: UncheckedAccount) -> None:
    """Require an account of zeros, so that what is set up once cannot be set up again."""
    unused = not any(account.data)
    require(unused, InstructionErrors.AccountAlreadyInitialized, account=account)


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
