"""Where a transaction's accounts come from and go to, as executing it sees it."""

from __future__ import annotations

from typing import Protocol

from ...primitives import Account


class AccountSource(Protocol):
    """Account states by the block's dense account ids."""

    def load(self, account: int) -> Account:
        """The state that the last transaction before this one left."""
        ...

    def store(self, account: int, state: Account) -> None:
        """Replace the state, at once and for all transactions after this one."""
        ...
