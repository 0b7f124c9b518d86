"""Committed state: accounts, height and state root, changed block by block.

`State` is what a runtime needs of it; MemoryState is the plain one, store/ the durable one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account, Pubkey
from ..primitives.account import EMPTY_ACCOUNT
from .account_columns import AccountColumns
from .block_changes import BlockChanges
from .block_record import BlockRecord
from .growing_columns import GrowingColumns
from .root import GENESIS_ROOT

_KNOWN_ROWS_MAX: Final = 4  # blocks whose rows are remembered


class BlockSummary(NamedTuple):
    """What the log of blocks is told of a block, beside its changes.

    `input_hash` is 32 bytes; `seconds` is how long it executed.
    """

    input_hash: bytes = bytes(32)
    transactions: int = 0
    failed: int = 0
    seconds: float = 0.0


NO_SUMMARY = BlockSummary()


class State(Protocol):
    """Accounts by key. Only `commit`, `set` and `save` change it, each at once or not at all."""

    height: int
    root: bytes

    def get(self, key: Pubkey) -> Account | None: ...

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        """The states of many accounts, None for each that does not exist."""
        ...

    def states(
        self, keys: Sequence[Pubkey], unset: Callable[[Pubkey], Account]
    ) -> Sequence[Account]:
        """The states of many accounts; `unset` says what each is that does not exist."""
        ...

    def set(self, key: Pubkey, state: Account) -> None:
        """Put an account in place outside any block; the root does not tell of it.

        It is committed with the next block, or by `save`.
        """
        ...

    def discard(self) -> None:
        """Forget what was `set` and is not committed."""
        ...

    def save(self) -> None:
        """Commit what was `set` without a block."""
        ...

    def commit(self, changed: BlockChanges, summary: BlockSummary = NO_SUMMARY) -> bytes:
        """Take over what a block changed, and return the new root."""
        ...

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        """The last block with this input, if the state keeps track."""
        ...

    def __len__(self) -> int: ...
    def close(self) -> None: ...


class MemoryState:
    """Accounts as columns in memory; gone with the process. Keeps no log of blocks.

    Every key ever asked for has a row, also while its account does not exist: the rows of a block
    that is executed again are found once.
    """

    def __init__(self) -> None:
        self._row_of: dict[Pubkey, int] = {}
        self._table = GrowingColumns()
        self._known_rows: dict[int, tuple[Sequence[Pubkey], NDArray[np.int64]]] = {}
        self.height = 0
        self.root = GENESIS_ROOT

    def get(self, key: Pubkey) -> Account | None:
        row = self._row_of.get(key)
        return self._table.get(row) if row is not None and self._table.present[row] else None

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        return [self.get(key) for key in keys]

    def states(self, keys: Sequence[Pubkey], unset: Callable[[Pubkey], Account]) -> AccountColumns:
        rows = self._rows(keys)
        columns = self._table.columns.take(rows)
        absent = np.flatnonzero(~self._table.present[rows])
        special = {at: unset(keys[at]) for at in absent.tolist()}
        special = {at: state for at, state in special.items() if state != EMPTY_ACCOUNT}
        return columns.replaced(special) if special else columns

    def set(self, key: Pubkey, state: Account) -> None:
        """Put an account in place outside any block; the root does not tell of it."""
        row = self._rows((key,))
        self._table.put(row, AccountColumns.of([state]))

    def discard(self) -> None:
        """Nothing to do: here, `set` takes effect for good at once."""

    def save(self) -> None:
        """Nothing to do."""

    def copy(self) -> MemoryState:
        """A state that goes its own way from here."""
        copied = MemoryState()
        copied._row_of = dict(self._row_of)
        copied._table = self._table.copy()
        copied.height, copied.root = self.height, self.root
        return copied

    def commit(self, changed: BlockChanges, summary: BlockSummary = NO_SUMMARY) -> bytes:
        """Take over what a block changed, and return the new root."""
        del summary  # nobody asks for it
        root = changed.next_root(self.root)
        self._table.put(self._rows(changed.block.keys)[changed.ids], changed.columns)
        self.root = root
        self.height += 1
        return root

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        """None: what runs in memory runs as often as it is asked for."""
        del input_hash
        return None

    def close(self) -> None:
        """Nothing to do."""

    def __iter__(self) -> Iterator[Pubkey]:
        present = self._table.present
        return (key for key, row in self._row_of.items() if present[row])

    def __len__(self) -> int:
        return int(self._table.present[: len(self._row_of)].sum())

    def _rows(self, keys: Sequence[Pubkey]) -> NDArray[np.int64]:
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
