"""Proofs: those of the tree hold, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InternalError, UsageError
from sealane.merkle import (
    DEPTH_MAX,
    EMPTY_ROOT,
    Absence,
    AccountContent,
    Existence,
    Inclusion,
    MerkleTree,
    Proof,
    ProofDocument,
    prove,
    record_of,
    verify_proof,
)
from sealane.merkle.hashing import leaf_digest
from sealane.primitives import Account, Pubkey

from .oracle import ACCOUNTS, KEYS, STATES, as_path, record

ALICE, BOB = Pubkey.of("alice"), Pubkey.of("bob")


def proven(accounts: dict[Pubkey, Account], key: Pubkey) -> tuple[Proof, bytes]:
    """The proof of a key, whose path it is itself, and the root."""
    tree = MerkleTree.of(record(at, account) for at, account in accounts.items())
    return prove(tree, key, accounts.__getitem__, path_of=as_path), tree.digest


@given(STATES, KEYS)
def test_every_proof_of_a_tree_holds(accounts: dict[Pubkey, Account], other: Pubkey) -> None:
    for key in (*accounts, other):
        proof, root = proven(accounts, key)
        verdict = verify_proof(proof, root, key, path_of=as_path)
        assert verdict.holds, verdict.reason
        account = accounts.get(key)
        assert verdict.content == (None if account is None else AccountContent.of(account))
        assert verdict.data == (None if account is None else account.data)


@given(STATES, KEYS, st.data())
def test_no_proof_holds_with_a_bit_changed(
    accounts: dict[Pubkey, Account], other: Pubkey, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([*sorted(accounts), other]))
    proof, root = proven(accounts, key)
    for tampered in _tampered(proof, data):
        assert not verify_proof(tampered, root, key, path_of=as_path)
    assert not verify_proof(proof, _flipped(root, data), key, path_of=as_path)
    assert not verify_proof(proof, root, Pubkey(_flipped(key, data)), path_of=as_path)


def _flipped(raw: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    return (int.from_bytes(raw, "big") ^ 1 << bit).to_bytes(len(raw), "big")


def _tampered(proof: Proof, data: st.DataObject) -> Iterator[Proof]:
    """The proof with a bit changed, in each of its parts."""
    if isinstance(proof, Inclusion):
        for leaf in _tampered_leaf(proof.existence, data):
            yield replace(proof, existence=leaf)
        assert proof.data is not None
        yield replace(proof, data=_flipped(proof.data, data) if proof.data else b"\0")
        return
    if proof.left is not None:
        for leaf in _tampered_leaf(proof.left, data):
            yield replace(proof, left=leaf)
    if proof.right is not None:
        for leaf in _tampered_leaf(proof.right, data):
            yield replace(proof, right=leaf)


def _tampered_leaf(leaf: Existence, data: st.DataObject) -> Iterator[Existence]:
    yield replace(leaf, key=Pubkey(_flipped(leaf.key, data)))
    yield replace(leaf, value=_flipped(leaf.value, data))
    yield replace(leaf, siblings=(*leaf.siblings, bytes(32)))
    yield replace(leaf, siblings=(bytes(32), *leaf.siblings))
    if leaf.siblings:
        yield replace(leaf, siblings=leaf.siblings[1:])
        at = data.draw(st.integers(0, len(leaf.siblings) - 1))
        changed = list(leaf.siblings)
        changed[at] = _flipped(changed[at], data)
        yield replace(leaf, siblings=tuple(changed))


@given(st.dictionaries(KEYS, ACCOUNTS, min_size=1, max_size=5), KEYS)
def test_only_true_neighbours_prove_that_an_account_is_absent(
    accounts: dict[Pubkey, Account], other: Pubkey
) -> None:
    leaves: list[Existence | None] = [None]
    root = EMPTY_ROOT
    for key in accounts:
        proof, root = proven(accounts, key)
        assert isinstance(proof, Inclusion)
        leaves.append(proof.existence)
    for key in (*accounts, other):
        before, behind = (
            max((at for at in accounts if at < key), default=None),
            min((at for at in accounts if at > key), default=None),
        )
        for left, right in product(leaves, leaves):
            claimed = Absence(key, left, right)
            true = key not in accounts and (before, behind) == (_key(left), _key(right))
            assert verify_proof(claimed, root, key, path_of=as_path).holds == true


def _key(leaf: Existence | None) -> Pubkey | None:
    return None if leaf is None else leaf.key


@given(st.dictionaries(KEYS, ACCOUNTS, min_size=1, max_size=8), KEYS)
def test_a_proof_holds_for_its_own_key_alone(
    accounts: dict[Pubkey, Account], other: Pubkey
) -> None:
    for key in (*accounts, other):
        proof, root = proven(accounts, key)
        for wrong in (*accounts, other):
            assert verify_proof(proof, root, wrong, path_of=as_path).holds == (wrong == key)
            renamed = (
                replace(proof, existence=replace(proof.existence, key=wrong))
                if isinstance(proof, Inclusion)
                else replace(proof, key=wrong)
            )
            if wrong != key and (isinstance(proof, Inclusion) or wrong in accounts):
                assert not verify_proof(renamed, root, wrong, path_of=as_path)


def test_an_empty_tree_proves_absence_by_its_root_alone() -> None:
    nothing = Absence(ALICE, None, None)
    assert verify_proof(nothing, EMPTY_ROOT)
    verdict = verify_proof(nothing, b"\1" * 32)
    assert (verdict.holds, verdict.content) == (False, None)
    assert verdict.reason == "it has no neighbours; the tree is not empty"


@pytest.mark.parametrize(("count", "holds"), [(DEPTH_MAX, True), (DEPTH_MAX + 1, False)])
def test_the_most_siblings_and_one_more(count: int, holds: bool) -> None:
    twins = {Pubkey(bytes(31) + bytes([last])): Account(1) for last in (0, 1)}
    proof, root = proven(twins, next(iter(twins)))
    assert isinstance(proof, Inclusion)
    siblings = proof.existence.siblings
    assert len(siblings) == DEPTH_MAX
    existence = replace(proof.existence, siblings=(*siblings, bytes(32))[:count])
    verdict = verify_proof(Inclusion(existence), root, path_of=as_path)
    assert verdict.holds == holds
    assert holds or verdict.reason == "it has 257 siblings, 256 at most"


def test_paths_are_hashes_of_keys_unless_a_test_says_otherwise() -> None:
    accounts = {ALICE: Account(5, data=b"abc"), BOB: Account(6)}
    made = (record_of(key, account) for key, account in accounts.items())
    tree = MerkleTree.of(entry for entry in made if entry is not None)
    proof = prove(tree, ALICE, accounts.__getitem__)
    document = ProofDocument(proof, tree.digest, 3, "merkle")
    verdict = verify_proof(document, tree.digest.hex(), "alice")
    assert verdict
    assert verdict.content == AccountContent.of(accounts[ALICE])
    assert verdict.data == b"abc"
    absent = prove(tree, Pubkey.of("carol"), accounts.__getitem__)
    assert verify_proof(absent, tree.digest, "carol")
    wrong = verify_proof(absent, tree.digest, "dave")
    assert wrong.reason == f"it is about account {Pubkey.of('carol')}, not {Pubkey.of('dave')}"


def test_data_can_be_left_out_and_is_committed_to_all_the_same() -> None:
    accounts = {ALICE: Account(5, data=b"abc")}
    tree = MerkleTree.of([record(ALICE, accounts[ALICE])])
    proof = prove(tree, ALICE, accounts.__getitem__, with_data=False, path_of=as_path)
    assert isinstance(proof, Inclusion)
    verdict = verify_proof(proof, tree.digest, path_of=as_path)
    assert verdict.data is None
    assert verdict.content is not None
    assert verdict.content.has_data(b"abc")
    assert not verify_proof(replace(proof, data=b"abd"), tree.digest, path_of=as_path)


def test_a_value_that_is_not_an_accounts_proves_no_account() -> None:
    # A leaf of another format, under a root that somebody else made.
    odd = AccountContent.of(Account(1)).value[:-1]
    leaf = Existence(ALICE, odd, ())
    root = leaf_digest(ALICE, odd)
    assert (
        verify_proof(Inclusion(leaf), root, path_of=as_path).reason
        == "its value is not one of an account"
    )


def test_a_state_that_is_not_the_trees_is_our_bug() -> None:
    tree = MerkleTree.of([record(ALICE, Account(5))])
    with pytest.raises(InternalError, match=f"account {ALICE} is not what the tree commits to"):
        prove(tree, ALICE, {ALICE: Account(6)}.__getitem__, path_of=as_path)


@pytest.mark.parametrize("key", [b"short", "\udcff", 5])
def test_a_key_that_is_none_is_refused(key: Any) -> None:
    with pytest.raises(UsageError, match="names no account"):
        verify_proof(Absence(ALICE, None, None), EMPTY_ROOT, key)


ROOTS_THAT_ARE_NONE = ["", "ab", "g" * 64, "0" * 63, "00 " * 32, b"\0" * 31, 32, None]


@pytest.mark.parametrize("root", ROOTS_THAT_ARE_NONE)
def test_a_root_that_is_none_is_refused(root: Any) -> None:
    with pytest.raises(UsageError, match="a root is 64 hex digits"):
        verify_proof(Absence(ALICE, None, None), root)
