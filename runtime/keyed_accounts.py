"""Accounts in memory by key, as columns.

Every key ever asked for has a row, also while its account does not exist: the rows of a block that
is executed again are found once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account, Pubkey
from ..primitives.account import EMPTY_ACCOUNT
from .account_columns import AccountColumns
from .growing_columns import GrowingColumns

_KNOWN_ROWS_MAX: Final = 4  # blocks whose rows are remembered
_ROW_LEN: Final = 300  # bytes that a row takes, its data aside: columns, key, entry in a dict


class KeyedAccounts:
    """Rows are numbered from 0 in the order in which keys were first named."""

    def __init__(self) -> None:
        self._row_of: dict[Pubkey, int] = {}
        self._table = GrowingColumns()
        self._known_rows: dict[int, tuple[Sequence[Pubkey], NDArray[np.int64]]] = {}

    def rows(self, keys: Sequence[Pubkey]) -> NDArray[np.int64]:
        """The row of each key; new keys get one."""
        known = self._known_rows.get(id(keys))
        if known is not None and known[0] is keys:
            return known[1]
        row_of = self._row_of
        rows = np.fromiter(
            (row_of.setdefault(key, len(row_of)) for key in keys), np.int64, len(keys)
        )
        self._table.reserve(len(row_of))
        if len(keys) > 1:
            if len(self._known_rows) >= _KNOWN_ROWS_MAX:
                self._known_rows.clear()
            self._known_rows[id(keys)] = (keys, rows)
        return rows

    @property
    def present(self) -> NDArray[np.bool_]:
        """bool[·]: whether the account of a row exists. May be longer than there are rows."""
        return self._table.present

    def get(self, key: Pubkey) -> Account | None:
        row = self._row_of.get(key)
        return self._table.get(row) if row is not None and self.present[row] else None

    def states(
        self,
        rows: NDArray[np.int64],
        keys: Sequence[Pubkey],
        unset: Callable[[Pubkey], Account],
    ) -> AccountColumns:
        """The accounts of these rows, whose keys are `keys`; `unset` says what each is that does
        not exist."""
        columns = self._table.columns.take(rows)
        absent = np.flatnonzero(~self.present[rows])
        special = {at: unset(keys[at]) for at in absent.tolist()}
        special = {at: state for at, state in special.items() if state != EMPTY_ACCOUNT}
        return columns.replaced(special) if special else columns

    def put(self, rows: NDArray[np.int64], states: AccountColumns) -> None:
        """Replace these rows, each named once."""
        self._table.put(rows, states)

    @property
    def memory_len(self) -> int:
        """About how many bytes this takes."""
        return len(self._row_of) * _ROW_LEN + len(self._table.columns.heap)

    def copy(self) -> KeyedAccounts:
        copied = KeyedAccounts()
        copied._row_of = dict(self._row_of)
        copied._table = self._table.copy()
        return copied

    def __iter__(self) -> Iterator[Pubkey]:
        present = self.present
        return (key for key, row in self._row_of.items() if present[row])

    def __len__(self) -> int:
        """How many accounts exist."""
        return int(self.present[: len(self._row_of)].sum())
