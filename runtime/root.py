"""The state root: a chain of hashes over what each block changed.

root = sha256(parent root ‖ count ‖ sha256(leaf) ‖ sha256(leaf) ‖ …), count as 8 bytes. The leaves
are the changed accounts, in key order, cut into pieces of a mebibyte. They lie there by column: all
keys, all owners, all lamports, all executable flags (a byte each), all data lengths, and then the
data, each account's filled up with zeros to a multiple of 8 bytes; numbers are 8 bytes,
little-endian. It commits to the history of changes, not to the set of accounts: two stores that
ran the same blocks agree. Deterministic on every machine; independent of workers and order.

Leaves, because several threads can hash them, and columns, because that is how accounts lie in
memory: to lay out a record for each takes longer than to hash it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account, Pubkey
from .account_columns import AccountColumns
from .block_changes import in_key_order
from .shared_columns import scalar_view

GENESIS_ROOT: Final = bytes(32)
LEAF_LEN: Final = 1 << 20


class PendingRoot:
    """A root that a thread hashes while the caller does something else, for large blocks."""

    def __init__(self, parent: bytes, keys: NDArray[np.uint8], columns: AccountColumns) -> None:
        """The root after `parent`, of a block that left these accounts in these states.

        `keys` uint8[n, 32], ascending. None of the arrays may change before `result`.
        """
        self._head = parent + len(keys).to_bytes(8, "little")
        self._leaves = _leaves(_column_bytes(keys, columns))
        self._digests: dict[int, bytes] = {}
        # Both threads take the next leaf from it, which the interpreter does for one at a time.
        self._numbers = iter(range(len(self._leaves)))
        self._thread: Thread | None = None
        if len(self._leaves) > 1:
            thread = Thread(target=self._hash_leaves)
            with suppress(RuntimeError):  # no room for one more thread: `result` hashes it all
                thread.start()
                self._thread = thread

    def result(self) -> bytes:
        """The root, 32 bytes. Helps with what is left to be hashed."""
        self._hash_leaves()
        if self._thread is not None:
            self._thread.join()
        digests = self._digests
        # A leaf that the thread failed on is hashed again, for whatever stopped it to be seen.
        leaves = [digests.get(at) or _digest(leaf) for at, leaf in enumerate(self._leaves)]
        return hashlib.sha256(self._head + b"".join(leaves)).digest()

    def _hash_leaves(self) -> None:
        for number in self._numbers:
            self._digests[number] = _digest(self._leaves[number])


def next_root(parent: bytes, changed: Mapping[Pubkey, Account]) -> bytes:
    """The root after a block that left these accounts in these states. 32 bytes."""
    return PendingRoot(parent, *in_key_order(changed)).result()


def _digest(leaf: Sequence[memoryview]) -> bytes:
    digest = hashlib.sha256()
    for part in leaf:
        digest.update(part)
    return digest.digest()


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
    """The columns, one behind the other, cut into leaves; a leaf may begin in one and end in
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
