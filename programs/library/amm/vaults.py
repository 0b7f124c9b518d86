"""Checks on the token accounts that a pool is made of, when it is set up and when it is used."""

from __future__ import annotations

from typing import Protocol

from ...kit import Pubkey, UncheckedAccount, require
from ..token import Mint, TokenAccount
from .errors import AmmError


class Pair(Protocol):
    """A pool of either kind, by its vaults."""

    vault_a: Pubkey
    vault_b: Pubkey


def require_vaults(vault_a: TokenAccount, vault_b: TokenAccount, authority: Pubkey) -> None:
    """Require two vaults for different tokens that only the authority can take from."""
    require(vault_a.mint != vault_b.mint, AmmError.RepeatedMint, account=vault_b)
    for vault in (vault_a, vault_b):
        safe = vault.delegate is None and vault.close_authority is None
        require(vault.token_owner == authority and safe, AmmError.InvalidVault, account=vault)


def require_share_mint(share_mint: Mint, authority: Pubkey) -> None:
    """Require a mint without supply that only the authority mints, and that nobody can freeze."""
    unused = share_mint.supply == 0 and share_mint.freeze_authority is None
    right = share_mint.mint_authority == authority
    require(unused and right, AmmError.InvalidShareMint, account=share_mint)


def require_same(account: UncheckedAccount, key: Pubkey) -> None:
    """Require that this is the account that the pool names."""
    require(account.key == key, AmmError.WrongAccount, account=account)


def require_pair(pool: Pair, vault_a: UncheckedAccount, vault_b: UncheckedAccount) -> None:
    """Require that these are the pool's vaults, in order."""
    require_same(vault_a, pool.vault_a)
    require_same(vault_b, pool.vault_b)
