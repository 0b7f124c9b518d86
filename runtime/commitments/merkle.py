"""The root "merkle": of a tree over all accounts, which proves what is in it and what is not.

Guarantees: a block hashes only the nodes between its changed accounts and the root; candidates
share the tree that they start from, and cost nothing to drop. Does not: store the tree. When a
store is opened, it is built again from all accounts, 4 µs for each, and takes 150 bytes of memory
for each from then on. Only the root is stored, and the tree is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Self

from ...merkle import MERKLE_KIND, MerkleTree, record_of
from ...merkle.hashing import path_of_key
from ...primitives import Account, Pubkey
from ..columns.key_column import KeyColumn
from .commitment import ROOT_LEN, AccountSource, Commitment, NextRoot
from .keyed_states import KeyedStates
from .state_change import StateChange


class MerkleCommitment(Commitment):
    """`tree`: of all accounts that are committed."""

    KIND = MERKLE_KIND
    COVERS_PLACED = True
    STORED_LEN = ROOT_LEN

    def __init__(self, tree: MerkleTree) -> None:
        self.tree = tree

    @classmethod
    def of_nothing(cls) -> Self:
        return cls(MerkleTree())

    @classmethod
    def restored(cls, root: bytes, stored: bytes, accounts: AccountSource) -> Self:
        del root  # accounts may have been committed since that block
        tree = _tree_of(accounts)
        if tree.digest != stored:
            raise ValueError(
                f"its accounts have the Merkle root {tree.digest.hex()}, not {stored.hex()}"
            )
        return cls(tree)

    @property
    def root(self) -> bytes:
        return self.tree.digest

    @property
    def stored(self) -> bytes:
        return self.tree.digest

    def next(self, change: StateChange) -> NextRoot:
        return _NextTree(
            self.tree.changed(
                {path_of_key(key): record_of(key, state) for key, state in _pairs(change.after)}
            )
        )

    def copy(self) -> Self:
        return self

    def check(self, accounts: AccountSource) -> bool:
        return _tree_of(accounts).digest == self.tree.digest


class _NextTree(NextRoot):
    def __init__(self, tree: MerkleTree) -> None:
        self._tree = tree

    @property
    def root(self) -> bytes:
        return self._tree.digest

    @property
    def stored(self) -> bytes:
        return self._tree.digest

    def commitment(self) -> Commitment:
        return MerkleCommitment(self._tree)


def _tree_of(accounts: AccountSource) -> MerkleTree:
    return MerkleTree.of_accounts(chain.from_iterable(map(_pairs, accounts())))


def _pairs(accounts: KeyedStates) -> Iterator[tuple[Pubkey, Account]]:
    return zip(KeyColumn(accounts.keys), accounts.states, strict=True)
