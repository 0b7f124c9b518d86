"""Proofs of what a committed state holds, by the Merkle tree of its accounts.

With the root kind "merkle" the tree is at hand, and its root is the state root. With any other, it
is built for each proof, 4 µs for each account. The verifier must then get its root from a trusted
source, as the state root does not commit to it.
"""

from __future__ import annotations

from ..merkle import MerkleTree, ProofDocument, prove
from ..primitives import Account, Pubkey
from ..primitives.account import EMPTY_ACCOUNT
from .commitments.merkle import MerkleCommitment
from .state.state import State


def accounts_tree(state: State) -> MerkleTree:
    """The Merkle tree of all committed accounts."""
    if isinstance(state.commitment, MerkleCommitment):
        return state.commitment.tree
    return MerkleTree.of_accounts(state.accounts())


def prove_account(state: State, key: Pubkey, *, with_data: bool = True) -> ProofDocument:
    """The proof of what an account holds in the committed state, or that it does not exist.

    `with_data`: whether the account's data is in the proof, which commits to it in any case.
    """

    def committed(wanted: Pubkey) -> Account:
        return state.committed(wanted) or EMPTY_ACCOUNT

    tree = accounts_tree(state)
    proof = prove(tree, key, committed, with_data=with_data)
    return ProofDocument(proof, tree.digest, state.height, state.commitment.KIND)
