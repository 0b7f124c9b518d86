"""Committed state: accounts, height and state root, changed block by block.

`State` is the interface that a runtime uses. MemoryState keeps it in memory, store/ on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.account import EMPTY_ACCOUNT
from ...primitives.one_line import in_one_line
from ..columns.account_columns import AccountColumns
from ..columns.keyed_accounts import KeyedAccounts
from ..commitments.commitment import Commitment, NextRoot
from ..commitments.history import HistoryCommitment
from ..commitments.keyed_states import CommittedStates
from ..commitments.state_change import StateChange
from .block_changes import BlockChanges, in_key_order
from .block_record import BlockRecord


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
    """Accounts by key. Only `commit`, `set` and `save` change it, each at once or not at all.

    `root`: after the last block. `commitment`: to what is committed. Its root differs from `root`
    only if accounts were committed by `save` since the last block, and it covers those.
    """

    height: int

    @property
    def root(self) -> bytes: ...
    @property
    def commitment(self) -> Commitment: ...

    def get(self, key: Pubkey) -> Account | None: ...

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        """The states of many accounts; None for one that does not exist."""
        ...

    def committed(self, key: Pubkey) -> Account | None:
        """As `get`, but without accounts that were `set` and not committed."""
        ...

    def accounts(self) -> Iterator[tuple[Pubkey, Account]]:
        """All committed accounts, in any order."""
        ...

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> Sequence[Account]:
        """The states of many accounts; one that does not exist is taken from `unset`, or empty."""
        ...

    def set(self, key: Pubkey, state: Account) -> None:
        """Place an account outside any block. It is committed with the next block, or by `save`.

        The root does not change before the next block, and then covers it if the commitment does.
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
    ) -> NextRoot:
        """The root that `commit` would return, without changing anything."""
        ...

    def commit(
        self,
        changed: BlockChanges,
        summary: BlockSummary = NO_SUMMARY,
        placing: Mapping[Pubkey, Account] = NOTHING,
        next_root: NextRoot | None = None,
    ) -> bytes:
        """Commit a block's changes, accounts that were `set` before, and those in `placing`, none
        of which the block changes; returns the new root. `next_root`: what the method of that name
        gave for the same changes, if it was called; nothing may have changed the state since."""
        ...

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        """The last block with this input; None if there is none, or none is recorded."""
        ...

    def __len__(self) -> int: ...
    def close(self) -> None: ...


class MemoryState:
    """Accounts as columns in memory; gone with the process. Keeps no log of blocks."""

    def __init__(self, kind: type[Commitment] = HistoryCommitment) -> None:
        self._columns = KeyedAccounts()
        # Accounts that were set one by one are added to the columns together: ten times as fast.
        self._placed: dict[Pubkey, Account] = {}
        # Of accounts that were set since the last block: what was committed before.
        self._replaced: dict[Pubkey, Account | None] = {}
        self.height = 0
        self.commitment: Commitment = kind.of_nothing()

    @property
    def root(self) -> bytes:
        return self.commitment.root

    @property
    def _accounts(self) -> KeyedAccounts:
        """All accounts, including those set since the last access."""
        if self._placed:
            if self.commitment.COVERS_PLACED:
                new = [key for key in self._placed if key not in self._replaced]
                self._replaced.update({key: self._columns.get(key) for key in new})
            states = AccountColumns.of(list(self._placed.values()))
            self._columns.put(self._columns.rows(tuple(self._placed)), states)
            # Last: after an interrupt before this, everything is simply repeated.
            self._placed = {}
        return self._columns

    def get(self, key: Pubkey) -> Account | None:
        return self._placed.get(key) or self._columns.get(key)

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        return [self.get(key) for key in keys]

    def committed(self, key: Pubkey) -> Account | None:
        """As `get`, without accounts `set` since the last block, if the root will cover them."""
        held = self._accounts.get(key)
        return self._replaced.get(key, held)

    def accounts(self) -> Iterator[tuple[Pubkey, Account]]:
        """All committed accounts, in the order in which they came."""
        for key in self._accounts:
            account = self.committed(key)
            if account is not None:
                yield key, account

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> AccountColumns:
        return self._accounts.states(self._accounts.rows(keys), keys, unset)

    def set(self, key: Pubkey, state: Account) -> None:
        self._placed[key] = state

    def discard(self) -> None:
        """Do nothing: in memory, `set` takes effect at once."""

    def save(self) -> None:
        """Nothing to do."""

    def copy(self) -> MemoryState:
        """An independent copy of the state."""
        copied = MemoryState()
        copied._columns = self._accounts.copy()
        copied._replaced = self._replaced.copy()
        copied.height, copied.commitment = self.height, self.commitment.copy()
        return copied

    def next_root(
        self, changed: BlockChanges, placing: Mapping[Pubkey, Account] = NOTHING
    ) -> NextRoot:
        """The root that `commit` would return."""
        accounts = self._accounts
        placed = {key: accounts.get(key) or EMPTY_ACCOUNT for key in self._replaced}
        placed.update(placing)
        return self.commitment.next(StateChange(in_key_order(changed), placed, self._committed))

    def commit(
        self,
        changed: BlockChanges,
        summary: BlockSummary = NO_SUMMARY,
        placing: Mapping[Pubkey, Account] = NOTHING,
        next_root: NextRoot | None = None,
    ) -> bytes:
        """Apply a block's changes, and return the new root."""
        del summary  # no log is kept
        following = self.next_root(changed, placing) if next_root is None else next_root
        self._placed.update(placing)
        accounts = self._accounts
        accounts.put(accounts.rows(changed.block.key_column)[changed.ids], changed.columns)
        self.commitment = following.commitment()
        self._replaced = {}
        self.height += 1
        return self.root

    def _committed(self, keys: NDArray[np.uint8]) -> CommittedStates:
        accounts = self._accounts
        held = CommittedStates(*accounts.held(accounts.find(keys)))
        return held.corrected(keys, self._replaced)

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
