"""Minting and burning tokens; not possible for wrapped lamports."""

from __future__ import annotations

from typing import Final

from ....primitives.integers import U64_MAX
from ....primitives.known_keys import INCINERATOR_ID, SYSTEM_PROGRAM_ID
from ...kit import Mut, UncheckedAccount, fail, require, u8, u64
from . import compute_units
from .authority import require_authority
from .checks import (
    require_allowance,
    require_decimals,
    require_owned,
    require_thawed,
    require_tokens,
)
from .delegation import spend_allowance
from .errors import TokenError
from .program import Authority, Signers, token
from .state import Mint, TokenAccount, load

# Tokens owned by one of these are lost, so anyone may burn them.
NOBODY: Final = (SYSTEM_PROGRAM_ID, INCINERATOR_ID)


@token.instruction(tag=7, compute_units=compute_units.MINT_TO)
def mint_to(
    mint: Mut[UncheckedAccount],
    account: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
) -> None:
    """Mint `amount` new tokens to `account`; `authority` is the mint's."""
    _mint_to(mint, account, authority, signers, amount)


@token.instruction(tag=14, compute_units=compute_units.MINT_TO_CHECKED)
def mint_to_checked(
    mint: Mut[UncheckedAccount],
    account: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
    decimals: u8,
) -> None:
    """As mint_to; fails if the mint has other decimals."""
    _mint_to(mint, account, authority, signers, amount, decimals)


@token.instruction(tag=8, compute_units=compute_units.BURN)
def burn(
    account: Mut[UncheckedAccount],
    mint: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
) -> None:
    """Burn `amount` of the account's tokens; `authority` is its owner or delegate."""
    _burn(account, mint, authority, signers, amount)


@token.instruction(tag=15, compute_units=compute_units.BURN_CHECKED)
def burn_checked(
    account: Mut[UncheckedAccount],
    mint: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
    decimals: u8,
) -> None:
    """As burn; fails if the mint has other decimals."""
    _burn(account, mint, authority, signers, amount, decimals)


def _mint_to(
    mint_account: UncheckedAccount,
    account: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: int,
    decimals: int | None = None,
) -> None:
    taker = load(TokenAccount, account)
    require_thawed(taker)
    require(taker.is_native is None, TokenError.NativeNotSupported, account=account)
    require(mint_account.key == taker.mint, TokenError.MintMismatch, account=mint_account)
    mint = load(Mint, mint_account)
    if decimals is not None:
        require_decimals(mint, decimals)
    if mint.mint_authority is None:
        fail(TokenError.FixedSupply, account=mint_account)
    require_authority(mint.mint_authority, authority, signers)
    if amount == 0:
        require_owned(mint_account, account)
        return
    most = max(mint.supply, taker.amount)
    require(most + amount <= U64_MAX, TokenError.Overflow, account=mint_account)
    mint.supply += amount
    taker.amount += amount


def _burn(
    account: UncheckedAccount,
    mint_account: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: int,
    decimals: int | None = None,
) -> None:
    giver = load(TokenAccount, account)
    mint = load(Mint, mint_account)
    require_thawed(giver)
    require(giver.is_native is None, TokenError.NativeNotSupported, account=account)
    require_tokens(giver, amount)
    require(mint_account.key == giver.mint, TokenError.MintMismatch, account=mint_account)
    if decimals is not None:
        require_decimals(mint, decimals)
    by_delegate = giver.delegate == authority.key and giver.token_owner not in NOBODY
    if by_delegate:
        require_authority(authority.key, authority, signers)
        require_allowance(giver, amount)
    elif giver.token_owner not in NOBODY:
        require_authority(giver.token_owner, authority, signers)
    if amount == 0:
        require_owned(account, mint_account)
    require(amount <= mint.supply, TokenError.Overflow, account=mint_account)
    if by_delegate:
        spend_allowance(giver, amount)
    if amount:
        giver.amount -= amount
        mint.supply -= amount
