"""Where the execution of a transaction loads its accounts from and stores them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ...primitives import Account
from ...programs.kit.accounts.added_record import Place


class AccountSource(Protocol):
    """Account states by the block's dense account ids."""

    def load(self, account: int) -> Account:
        """The state that the last transaction before this one left."""
        ...

    def store(self, account: int, state: Account) -> None:
        """Replace the state; visible at once, to this transaction and all later ones."""
        ...

    def load_to_add(self, account: int) -> Account:
        """The state for a transaction that only adds to it. What others have added to it since
        somebody read or wrote it may be missing."""
        ...

    def add(self, account: int, lamports: int, sums: Mapping[Place, int]) -> None:
        """Add lamports, and to the integers at these places of its data."""
        ...
