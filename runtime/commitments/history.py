"""The root "history": a chain of hashes over the changes of each block.

root = sha256(parent root ‖ count ‖ sha256(leaf) ‖ sha256(leaf) ‖ …), count as 8 bytes. The leaves
are the changed accounts in key order, column by column, divided into chunks of one mebibyte: all
keys, all owners, all lamports, all executable flags (a byte each), all data lengths, and then the
data, each account's padded with zeros to a multiple of 8 bytes. Numbers are 8 bytes, little-endian.
The root commits to the history of changes, not to the set of accounts: two stores that ran the same
blocks have the same root. It is the same on every machine, for any number of workers and any order.

Why leaves: several threads can hash them. Why columns: accounts are stored as columns, and writing
a record for each would take longer than hashing it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ..columns.account_columns import AccountColumns
from ..columns.shared_columns import scalar_view
from ..columns.two_threads import TwoThreadWork
from .commitment import ROOT_LEN, AccountSource, Commitment, NextRoot
from .keyed_states import KeyedStates
from .state_change import StateChange

GENESIS_ROOT: Final = bytes(ROOT_LEN)
LEAF_LEN: Final = 1 << 20


class HistoryCommitment(Commitment):
    """The root after the last block; nothing else is needed for the next one."""

    KIND = "history"
    COVERS_PLACED = False
    STORED_LEN = 0  # the root is in the block's record

    def __init__(self, root: bytes) -> None:
        self._root = root

    @classmethod
    def of_nothing(cls) -> Self:
        return cls(GENESIS_ROOT)

    @classmethod
    def restored(cls, root: bytes, stored: bytes, accounts: AccountSource) -> Self:
        del stored, accounts
        return cls(root)

    @property
    def root(self) -> bytes:
        return self._root

    @property
    def stored(self) -> bytes:
        return b""

    def next(self, change: StateChange) -> NextRoot:
        return PendingRoot(self._root, change.block)

    def copy(self) -> Self:
        return self

    def check(self, accounts: AccountSource) -> bool:
        del accounts
        return True


class PendingRoot(NextRoot):
    """A root that is computed in a second thread, for large blocks."""

    def __init__(self, parent: bytes, changed: KeyedStates) -> None:
        """The root that follows `parent` after a block that changed these accounts to these states.

        The arrays must not change before `root` returns.
        """
        self._head = parent + len(changed.keys).to_bytes(8, "little")
        self._leaves = _leaves(_column_bytes(*changed))
        self._digests = [b""] * len(self._leaves)
        self._hashing: TwoThreadWork | None = TwoThreadWork(self._hash_leaf, len(self._leaves))
        self._root = b""

    @property
    def root(self) -> bytes:
        """The root. Helps with the remaining hashing."""
        if self._hashing is not None:
            self._hashing.finish()
            self._root = hashlib.sha256(self._head + b"".join(self._digests)).digest()
            self._hashing = None
        return self._root

    @property
    def stored(self) -> bytes:
        return b""

    def commitment(self) -> Commitment:
        return HistoryCommitment(self.root)

    def _hash_leaf(self, number: int) -> None:
        digest = hashlib.sha256()
        for part in self._leaves[number]:
            digest.update(part)
        self._digests[number] = digest.digest()


def history_root(parent: bytes, changed: KeyedStates) -> bytes:
    """The root, 32 bytes, after a block that changed these accounts to these states."""
    return PendingRoot(parent, changed).root


def hash_accounts(accounts: Mapping[Pubkey, Account]) -> bytes:
    """32 bytes that identify these accounts: the root of a first block that changed just them."""
    return history_root(GENESIS_ROOT, KeyedStates.of(accounts))


def _byte_view(column: NDArray[Any]) -> memoryview:
    return scalar_view(np.ascontiguousarray(column).reshape(-1)).cast("B")


def _column_bytes(keys: NDArray[np.uint8], columns: AccountColumns) -> list[memoryview]:
    return [
        _byte_view(column)
        for column in (
            keys,
            columns.owners,
            columns.lamports,
            columns.executable,
            columns.data_lens,
            columns.packed_heap(),
        )
        if column.size
    ]


def _leaves(columns: Sequence[memoryview]) -> list[list[memoryview]]:
    """The concatenated columns, divided into leaves. A leaf may begin in one column and end in
    another."""
    leaves: list[list[memoryview]] = []
    room = 0
    for column in columns:
        rest = column
        while len(rest):
            if not room:
                leaves.append([])
                room = LEAF_LEN
            leaves[-1].append(rest[:room])
            rest, room = rest[room:], room - len(leaves[-1][-1])
    return leaves
