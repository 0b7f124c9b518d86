"""Proofs out of a tree. The tree knows digests; what an account holds comes from the state."""

from __future__ import annotations

from collections.abc import Callable

from ..primitives import Account, InternalError, Pubkey
from .account_content import value_of
from .hashing import path_of_key
from .proof import Absence, Existence, Inclusion, Proof
from .records import key_in, path_in
from .tree import MerkleTree, record_of


def prove(
    tree: MerkleTree,
    key: Pubkey,
    account_of: Callable[[Pubkey], Account],
    *,
    with_data: bool = True,
    path_of: Callable[[bytes], bytes] = path_of_key,
) -> Proof:
    """The proof that an account is in the tree, or that it is not.

    `account_of`: the states that the tree was made of; of neighbours, too. `with_data`: whether the
    account's data goes into the proof, which commits to it in any case. `path_of` is for tests.
    """
    path = path_of(key)
    record = tree.find(path)
    proving = _Proving(tree, account_of, path_of)
    if record is not None:
        data = account_of(key).data if with_data else None
        return Inclusion(proving.existence(record), data)
    left, right = tree.neighbours(path)
    return Absence(
        key,
        None if left is None else proving.existence(left),
        None if right is None else proving.existence(right),
    )


class _Proving:
    def __init__(
        self,
        tree: MerkleTree,
        account_of: Callable[[Pubkey], Account],
        path_of: Callable[[bytes], bytes],
    ) -> None:
        self._tree = tree
        self._account_of = account_of
        self._path_of = path_of

    def existence(self, record: bytes) -> Existence:
        """The proof of a leaf of the tree."""
        key = Pubkey(key_in(record))
        account = self._account_of(key)
        if record_of(key, account, self._path_of) != record:
            raise InternalError(f"account {key} is not what the tree commits to")
        siblings = self._tree.siblings(path_in(record))
        return Existence(key, value_of(account), tuple(siblings))
