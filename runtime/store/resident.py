"""The store's accounts in memory: those that the log changed, and those read from the runs.

Guarantees: its state of an account, or its absence, is the newest committed one. Does not: evict
anything; the store begins a new one when this has grown too large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ..columns.account_columns import AccountColumns
from ..columns.key_column import KeyColumn
from ..columns.keyed_accounts import KeyedAccounts
from ..commitments.keyed_states import CommittedStates
from ..state.block_changes import BlockChanges
from .account_table import AccountTable

Finder = Callable[[Sequence[Pubkey]], Mapping[Pubkey, Account]]


class ResidentAccounts:
    """Accounts by key. `find` looks up ascending keys in the runs."""

    def __init__(self, find: Finder, table: AccountTable) -> None:
        """Begin with the accounts of `table`, which must be the newest states."""
        self._find = find
        self._accounts = KeyedAccounts()
        self._known = np.zeros(0, dtype=np.bool_)
        rows = self._accounts.rows(table.pubkeys())
        self._accounts.put(rows, table.columns())
        self._know(rows)

    def rows(self, keys: Sequence[Pubkey]) -> NDArray[np.int64]:
        """The row of each key. Looks up unknown keys in the runs."""
        rows = self._accounts.rows(keys)
        self._reach()
        unknown = np.flatnonzero(~self._known[rows])
        if len(unknown):
            found = self._find(sorted({keys[at] for at in unknown.tolist()}))
            self._accounts.put(
                self._accounts.rows(list(found)), AccountColumns.of(list(found.values()))
            )
            self._know(rows[unknown])
        return rows

    def rows_of_changes(
        self, changed: Mapping[Pubkey, Account]
    ) -> tuple[NDArray[np.int64], AccountColumns]:
        """The rows of these accounts, and their states in the same order."""
        if isinstance(changed, BlockChanges):
            return self.rows(changed.block.key_column)[changed.ids], changed.columns
        return self.rows(list(changed)), AccountColumns.of(list(changed.values()))

    def absent_count(self, placed: NDArray[np.int64], changed: NDArray[np.int64]) -> int:
        """How many accounts of these rows do not exist. Neither array may repeat a row."""
        rows = np.union1d(placed, changed) if len(placed) else changed
        return len(rows) - int(self._accounts.present[rows].sum())

    def put(self, rows: NDArray[np.int64], states: AccountColumns) -> None:
        self._accounts.put(rows, states)

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> AccountColumns:
        """The states of these accounts; one that does not exist is taken from `unset`, or empty."""
        return self._accounts.states(self.rows(keys), keys, unset)

    def committed(self, keys: NDArray[np.uint8]) -> CommittedStates:
        """What is committed of the accounts with these keys, uint8[n, 32]."""
        rows = self._accounts.find(keys)
        self._reach()
        if not self._known[rows].all():
            rows = self.rows(KeyColumn(keys))
        return CommittedStates(*self._accounts.held(rows))

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        """The states of these accounts; None for one that does not exist."""
        self.rows(keys)
        return [self._accounts.get(key) for key in keys]

    @property
    def memory_len(self) -> int:
        """Approximate memory use in bytes."""
        return self._accounts.memory_len

    def _know(self, rows: NDArray[np.int64]) -> None:
        self._reach()
        self._known[rows] = True

    def _reach(self) -> None:
        """Extend `_known` to every row."""
        missing = len(self._accounts.present) - len(self._known)
        if missing:
            self._known = np.concatenate((self._known, np.zeros(missing, dtype=np.bool_)))
