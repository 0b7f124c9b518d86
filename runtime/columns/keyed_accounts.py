"""Accounts in memory by key, as columns.

Every key that was ever looked up has a row, even if its account does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from .account_columns import AccountColumns
from .growing_columns import GrowingColumns
from .key_column import KeyColumn
from .key_index import NO_ROW, KeyIndex

_ROW_LEN: Final = 110  # bytes of a row without its data: columns, key, place in the index


class KeyedAccounts:
    """Accounts by key. Rows are numbered from 1 in the order in which keys were first looked up."""

    def __init__(self) -> None:
        self._index = KeyIndex()
        self._table = GrowingColumns()
        # The latest lookup: a block's column is looked up for loading and again for the commit.
        self._last: tuple[KeyColumn, NDArray[np.int64]] | None = None

    def rows(self, keys: Sequence[Pubkey]) -> NDArray[np.int64]:
        """The row of each key; new keys get one."""
        if self._last is not None and self._last[0] is keys:
            return self._last[1]
        rows = self._index.rows(KeyColumn.of(keys).array)
        self._table.reserve(len(self._index) + 1)
        if isinstance(keys, KeyColumn):
            self._last = (keys, rows)
        return rows

    @property
    def present(self) -> NDArray[np.bool_]:
        """bool[·]: whether the account of each row exists. May be longer than the rows."""
        return self._table.present

    def get(self, key: Pubkey) -> Account | None:
        row = self._index.row(key)
        # After an interrupt while keys were added, the table may be shorter than the index.
        return self._table.get(row) if row < len(self.present) and self.present[row] else None

    def states(
        self, rows: NDArray[np.int64], keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]
    ) -> AccountColumns:
        """The accounts of these rows, whose keys are `keys`. One that does not exist is taken from
        `unset`, or else empty."""
        columns = self._table.columns.take(rows)
        absent = np.flatnonzero(~self.present.take(rows))
        if not len(absent):
            return columns
        told = self._index.find(KeyColumn.of([*unset]).array)
        named = absent[np.isin(rows[absent], told[told != NO_ROW])]
        return columns.replaced({at: unset[keys[at]] for at in named.tolist()})

    def find(self, keys: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The row of each key uint8[n, 32]; NO_ROW, where no account is, for one without a row."""
        self._table.reserve(len(self._index) + 1)
        return self._index.find(keys)

    def held(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.bool_], AccountColumns]:
        """bool[n], whether the account of each row exists, and the states; zeros if it does not."""
        return self.present.take(rows), self._table.columns.take(rows)

    def put(self, rows: NDArray[np.int64], states: AccountColumns) -> None:
        """Replace these rows, each named once."""
        self._last = None
        self._table.put(rows, states)

    @property
    def memory_len(self) -> int:
        """Approximate memory use in bytes."""
        return len(self._index) * _ROW_LEN + len(self._table.columns.heap)

    def copy(self) -> KeyedAccounts:
        copied = KeyedAccounts()
        copied._index = self._index.copy()
        copied._table = self._table.copy()
        return copied

    def __iter__(self) -> Iterator[Pubkey]:
        raw = self._index.keys.tobytes()
        rows: list[int] = np.flatnonzero(self.present).tolist()
        return (Pubkey(raw[row * PUBKEY_LEN : (row + 1) * PUBKEY_LEN]) for row in rows)

    def __len__(self) -> int:
        """How many accounts exist."""
        return int(self.present.sum())
