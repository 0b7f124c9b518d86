"""Accounts that nothing has been written to yet."""

from __future__ import annotations

from ..kit import InstructionErrors, UncheckedAccount, require


def require_new(*accounts: UncheckedAccount) -> None:
    """Require accounts of zeros, so that what was set up cannot be set up again by others."""
    for account in accounts:
        unused = not any(account.data)
        require(unused, InstructionErrors.AccountAlreadyInitialized, account=account)
