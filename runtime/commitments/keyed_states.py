"""Accounts and their keys as columns, in key order: what commitments are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.account import EMPTY_ACCOUNT
from ..columns.account_columns import AccountColumns
from ..columns.key_column import KeyColumn
from ..columns.key_order import key_order


class KeyedStates(NamedTuple):
    """n accounts. `keys` uint8[n, 32], ascending and each once; `states`: n rows."""

    keys: NDArray[np.uint8]
    states: AccountColumns

    @classmethod
    def of(cls, accounts: Mapping[Pubkey, Account]) -> KeyedStates:
        keys = sorted(accounts)
        return cls(KeyColumn.of(keys).array, AccountColumns.of([accounts[key] for key in keys]))

    def rows(self, rows: NDArray[np.int64]) -> KeyedStates:
        """A copy of these rows, which must ascend, with their data alone."""
        return KeyedStates(self.keys.take(rows, axis=0), self.states.take(rows))

    def parts(self, length: int) -> Iterator[KeyedStates]:
        """Consecutive parts of up to this many accounts. Views, and no copies."""
        keys, states = self
        for start in range(0, len(keys), length):
            rows = slice(start, start + length)
            yield KeyedStates(
                keys[rows],
                AccountColumns(
                    states.lamports[rows],
                    states.owners[rows],
                    states.executable[rows],
                    states.data_starts[rows],
                    states.data_lens[rows],
                    states.heap,
                ),
            )

    def overridden_by(self, newer: KeyedStates) -> KeyedStates:
        """The accounts of both; of one that both have, the state in `newer`."""
        if not len(self.keys):
            return newer
        if not len(newer.keys):
            return self
        overridden = np.isin(_items(self.keys), _items(newer.keys))
        kept = np.flatnonzero(~overridden)
        keys = np.concatenate((self.keys[kept], newer.keys))
        order = key_order(keys)
        states = self.states.take(kept).followed_by(newer.states)
        return KeyedStates(keys[order], states.take(order))


class CommittedStates(NamedTuple):
    """The committed states of n accounts. `present` bool[n]: whether each exists; `states`: n rows,
    that of an account that does not exist being all zeros."""

    present: NDArray[np.bool_]
    states: AccountColumns

    def corrected(
        self, keys: NDArray[np.uint8], known: Mapping[Pubkey, Account | None]
    ) -> CommittedStates:
        """With the states in `known` instead; None: it does not exist. `keys` are those of the
        rows, ascending, and include all in `known`."""
        if not known:
            return self
        rows = np.searchsorted(_items(keys), _items(KeyColumn.of([*known]).array))
        present = self.present.copy()
        present[rows] = [state is not None for state in known.values()]
        states = (state or EMPTY_ACCOUNT for state in known.values())
        return CommittedStates(
            present, self.states.replaced(dict(zip(rows.tolist(), states, strict=True)))
        )


def _items(keys: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """S32[n]: the keys. numpy strips trailing zero bytes of an item, but compares all 32."""
    return np.ascontiguousarray(keys).view("S32")[:, 0]
