"""Batch handlers of the most frequent token instructions.

They cover the common case: owners who sign themselves, initialized accounts that do not wrap
lamports, nonzero amounts. All other rows, and all that would fail, are excluded from the batch: the
scalar handlers cover every case and raise the right error. The order of checks therefore does not
matter here.
"""

from __future__ import annotations

from ...kit import InstructionErrors, UncheckedAccount, holds, is_none, only_where, require, u8, u64
from .state import AccountState, Mint, Multisig, TokenAccount
from .supply import burn, burn_checked, mint_to, mint_to_checked
from .transfer import transfer, transfer_checked


@transfer.batch
def transfer_rows(
    source: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
) -> None:
    """`transfer` for all rows at once."""
    del signers
    _transfer(source, destination, authority, amount)


@transfer_checked.batch
def transfer_checked_rows(
    source: UncheckedAccount,
    mint: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
    decimals: u8,
) -> None:
    """`transfer_checked` for all rows at once."""
    del signers
    kind = _mint(mint)
    only_where(kind.decimals == decimals)
    giver = _transfer(source, destination, authority, amount)
    only_where(giver.mint == mint.key)


@mint_to.batch
def mint_to_rows(
    mint: UncheckedAccount,
    account: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
) -> None:
    """`mint_to` for all rows at once."""
    del signers
    _mint_to(mint, account, authority, amount)


@mint_to_checked.batch
def mint_to_checked_rows(
    mint: UncheckedAccount,
    account: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
    decimals: u8,
) -> None:
    """`mint_to_checked` for all rows at once."""
    del signers
    only_where(_mint(mint).decimals == decimals)
    _mint_to(mint, account, authority, amount)


@burn.batch
def burn_rows(
    account: UncheckedAccount,
    mint: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
) -> None:
    """`burn` for all rows at once."""
    del signers
    _burn(account, mint, authority, amount)


@burn_checked.batch
def burn_checked_rows(
    account: UncheckedAccount,
    mint: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: u64,
    decimals: u8,
) -> None:
    """`burn_checked` for all rows at once."""
    del signers
    only_where(_mint(mint).decimals == decimals)
    _burn(account, mint, authority, amount)


def _transfer(
    source: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    amount: int,
) -> TokenAccount:
    giver, taker = _owned_account(source, authority), _account(destination)
    only_where(giver.mint == taker.mint)
    only_where(amount > 0)
    giver.amount -= amount
    taker.amount += amount
    return giver


def _mint_to(
    mint: UncheckedAccount, account: UncheckedAccount, authority: UncheckedAccount, amount: int
) -> None:
    kind, taker = _mint(mint), _account(account)
    only_where(taker.mint == mint.key)
    only_where(holds(kind.mint_authority, authority.key))
    _require_signature(authority)
    only_where(amount > 0)
    kind.supply += amount
    taker.amount += amount


def _burn(
    account: UncheckedAccount, mint: UncheckedAccount, authority: UncheckedAccount, amount: int
) -> None:
    giver, kind = _owned_account(account, authority), _mint(mint)
    only_where(giver.mint == mint.key)
    only_where(amount > 0)
    giver.amount -= amount
    kind.supply -= amount


def _account(account: UncheckedAccount) -> TokenAccount:
    """Only token accounts that are initialized, not frozen and do not wrap lamports."""
    only_where(account.data_len == TokenAccount.layout_size)
    state = TokenAccount.view(account)
    only_where(state.state == AccountState.Initialized)
    only_where(is_none(state.is_native))
    return state


def _owned_account(account: UncheckedAccount, authority: UncheckedAccount) -> TokenAccount:
    """Only token accounts whose owner is the authority and has signed: no delegate or multisig."""
    state = _account(account)
    only_where(is_none(state.delegate))
    only_where(state.token_owner == authority.key)
    _require_signature(authority)
    return state


def _mint(account: UncheckedAccount) -> Mint:
    only_where(account.data_len == Mint.layout_size)
    state = Mint.view(account)
    only_where(state.is_initialized)
    return state


def _require_signature(authority: UncheckedAccount) -> None:
    only_where(authority.data_len != Multisig.layout_size)
    require(authority.is_signer, InstructionErrors.MissingRequiredSignature)
