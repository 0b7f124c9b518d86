"""Committed state: accounts, height and state root, changed block by block.

`State` is the interface that a runtime uses. MemoryState keeps it in memory, store/ on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from ...primitives import Account, Pubkey
from ...primitives.one_line import in_one_line
from ..columns.account_columns import AccountColumns
from ..columns.keyed_accounts import KeyedAccounts
from .block_changes import BlockChanges
from .block_record import BlockRecord
from .root import GENESIS_ROOT, PendingRoot


class BlockSummary(NamedTuple):
    """What the log records of a block, beside its changes.

    `input_hash`: 32 bytes. `seconds`: duration of the execution.
    """

    input_hash: bytes = bytes(32)
    transactions: int = 0
    failed: int = 0
    seconds: float = 0.0


NO_SUMMARY = BlockSummary()
NOTHING: Final[Mapping[Pubkey, Account]] = MappingProxyType({})


class State(Protocol):
    """Accounts by key. Only `commit`, `set` and `save` change it, each at once or not at all."""

    height: int
    root: bytes

    def get(self, key: Pubkey) -> Account | None: ...

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        """The states of many accounts; None for one that does not exist."""
        ...

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> Sequence[Account]:
        """The states of many accounts; one that does not exist is taken from `unset`, or empty."""
        ...

    def set(self, key: Pubkey, state: Account) -> None:
        """Place an account outside any block; the root does not include it.

        It is committed with the next block, or by `save`.
        """
        ...

    def discard(self) -> None:
        """Discard accounts that were `set` and not committed."""
        ...

    def save(self) -> None:
        """Commit accounts that were `set`, without a block."""
        ...

    def next_root(
        self, changed: BlockChanges, placing: Mapping[Pubkey, Account] = NOTHING
    ) -> bytes:
        """The root that `commit` would return, without changing anything."""
        ...

    def commit(
        self,
        changed: BlockChanges,
        summary: BlockSummary = NO_SUMMARY,
        placing: Mapping[Pubkey, Account] = NOTHING,
    ) -> bytes:
        """Commit a block's changes, accounts that were `set` before, and those in `placing`, none
        of which the block changes; returns the new root."""
        ...

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        """The last block with this input; None if there is none, or none is recorded."""
        ...

    def __len__(self) -> int: ...
    def close(self) -> None: ...


class MemoryState:
    """Accounts as columns in memory; gone with the process. Keeps no log of blocks."""

    def __init__(self) -> None:
        self._columns = KeyedAccounts()
        # Accounts that were set one by one are added to the columns together: ten times as fast.
        self._placed: dict[Pubkey, Account] = {}
        self.height = 0
        self.root = GENESIS_ROOT

    @property
    def _accounts(self) -> KeyedAccounts:
        """All accounts, including those set since the last access."""
        if self._placed:
            states = AccountColumns.of(list(self._placed.values()))
            self._columns.put(self._columns.rows(tuple(self._placed)), states)
            # Last: after an interrupt before this, everything is simply repeated.
            self._placed = {}
        return self._columns

    def get(self, key: Pubkey) -> Account | None:
        return self._placed.get(key) or self._columns.get(key)

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        return [self.get(key) for key in keys]

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> AccountColumns:
        return self._accounts.states(self._accounts.rows(keys), keys, unset)

    def set(self, key: Pubkey, state: Account) -> None:
        """Place an account outside any block; the root does not include it."""
        self._placed[key] = state

    def discard(self) -> None:
        """Do nothing: in memory, `set` takes effect at once."""

    def save(self) -> None:
        """Nothing to do."""

    def copy(self) -> MemoryState:
        """An independent copy of the state."""
        copied = MemoryState()
        copied._columns = self._accounts.copy()
        copied.height, copied.root = self.height, self.root
        return copied

    def next_root(
        self, changed: BlockChanges, placing: Mapping[Pubkey, Account] = NOTHING
    ) -> bytes:
        """The root that `commit` would return."""
        del placing  # the root is over what blocks change
        return PendingRoot(self.root, changed.key_bytes, changed.columns).result()

    def commit(
        self,
        changed: BlockChanges,
        summary: BlockSummary = NO_SUMMARY,
        placing: Mapping[Pubkey, Account] = NOTHING,
    ) -> bytes:
        """Apply a block's changes, and return the new root."""
        del summary  # no log is kept
        pending = PendingRoot(self.root, changed.key_bytes, changed.columns)
        self._placed.update(placing)
        accounts = self._accounts
        accounts.put(accounts.rows(changed.block.key_column)[changed.ids], changed.columns)
        self.root = pending.result()
        self.height += 1
        return self.root

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        """None: in memory, a block may run any number of times."""
        del input_hash
        return None

    def close(self) -> None:
        """Nothing to do."""

    def __repr__(self) -> str:
        return in_one_line(f"MemoryState at height {self.height:,}, root {self.root.hex()[:12]}…")

    def __iter__(self) -> Iterator[Pubkey]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._accounts)
