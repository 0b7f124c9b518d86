"""Where the execution of a transaction loads its accounts from and stores them to."""

from __future__ import annotations

from typing import Protocol

from ...primitives import Account


class AccountSource(Protocol):
    """Account states by the block's dense account ids."""

    def load(self, account: int) -> Account:
        """The state that the last transaction before this one left."""
        ...

    def store(self, account: int, state: Account) -> None:
        """Replace the state; visible at once, to this transaction and all later ones."""
        ...
