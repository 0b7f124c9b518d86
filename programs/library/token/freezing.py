"""Stopping an account from moving its tokens, by the freeze authority of its mint."""

from __future__ import annotations

from ...kit import Mut, UncheckedAccount, fail, require
from . import compute_units
from .authority import require_authority
from .errors import TokenError
from .program import Authority, Signers, token
from .state import AccountState, Mint, TokenAccount, load


@token.instruction(tag=10, compute_units=compute_units.FREEZE_ACCOUNT)
def freeze_account(
    account: Mut[UncheckedAccount], mint: UncheckedAccount, authority: Authority, signers: Signers
) -> None:
    """Freeze a token account."""
    _set_state(account, mint, authority, signers, AccountState.Frozen)


@token.instruction(tag=11, compute_units=compute_units.THAW_ACCOUNT)
def thaw_account(
    account: Mut[UncheckedAccount], mint: UncheckedAccount, authority: Authority, signers: Signers
) -> None:
    """Thaw a frozen token account."""
    _set_state(account, mint, authority, signers, AccountState.Initialized)


def _set_state(
    account: UncheckedAccount,
    mint_account: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    new_state: AccountState,
) -> None:
    held = load(TokenAccount, account)
    require(held.state is not new_state, TokenError.InvalidState, account=account)
    require(held.is_native is None, TokenError.NativeNotSupported, account=account)
    require(mint_account.key == held.mint, TokenError.MintMismatch, account=mint_account)
    mint = load(Mint, mint_account)
    if mint.freeze_authority is None:
        fail(TokenError.MintCannotFreeze, account=mint_account)
    require_authority(mint.freeze_authority, authority, signers)
    held.state = new_state
