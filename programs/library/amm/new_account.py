"""Accounts that nothing has been written to yet."""

from __future__ import annotations

from ...kit import InstructionErrors, UncheckedAccount, require


def require_new(account: UncheckedAccount) -> None:
    """Require an account of zeros, so that what is set up once cannot be set up again."""
    unused = not any(account.data)
    require(unused, InstructionErrors.AccountAlreadyInitialized, account=account)
