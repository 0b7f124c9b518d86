"""Checks shared by several instructions, with the errors of SPL Token."""

from __future__ import annotations

from ...kit import Context, InstructionErrors, ProgramFailure, UncheckedAccount, fail, require
from .errors import TokenError
from .state import TOKEN_ID, AccountState, Mint, TokenAccount, load


def load_mint(account: UncheckedAccount) -> Mint:
    """The mint in this account; fails with InvalidMint for anything else."""
    require_owned(account)
    try:
        return load(Mint, account)
    except ProgramFailure as failure:
        fail(TokenError.InvalidMint, failure.detail, account=account)


def require_owned(*accounts: UncheckedAccount) -> None:
    """Require that the token program owns the accounts."""
    for account in accounts:
        if account.owner != TOKEN_ID:
            fail(
                InstructionErrors.IncorrectProgramId,
                f"{account.key} belongs to {account.owner}",
                account=account,
            )


def require_thawed(*accounts: TokenAccount) -> None:
    """Require that none of the accounts is frozen."""
    for account in accounts:
        frozen = account.state is AccountState.Frozen
        require(not frozen, TokenError.AccountFrozen, account=account)


def require_tokens(account: TokenAccount, amount: int) -> None:
    """Require that the account has this many tokens."""
    require(
        amount <= account.amount,
        TokenError.InsufficientFunds,
        lambda: f"{account.key} has {account.amount} tokens, {amount} are asked for",
        account=account,
    )


def require_allowance(account: TokenAccount, amount: int) -> None:
    """Require that the account's delegate may spend this many tokens."""
    require(
        amount <= account.delegated_amount,
        TokenError.InsufficientFunds,
        lambda: f"the delegate may spend {account.delegated_amount}, {amount} are asked for",
        account=account,
    )


def require_checked_mint(account: TokenAccount, mint: UncheckedAccount, decimals: int) -> None:
    """Require that `mint` is the account's mint and has these decimals."""
    require(mint.key == account.mint, TokenError.MintMismatch, account=mint)
    require_decimals(load(Mint, mint), decimals)


def require_decimals(mint: Mint, decimals: int) -> None:
    """Require that the mint has these decimals."""
    require(
        mint.decimals == decimals,
        TokenError.MintDecimalsMismatch,
        lambda: f"{mint.key} has {mint.decimals} decimals, not {decimals}",
        account=mint,
    )


def require_rent_exempt(ctx: Context, account: UncheckedAccount) -> None:
    """Require that the account is rent-exempt."""
    reserve = ctx.rent.minimum_balance(account.data_len)
    require(
        account.lamports >= reserve,
        TokenError.NotRentExempt,
        lambda: f"{account.key} holds {account.lamports} lamports and needs {reserve}",
        account=account,
    )
