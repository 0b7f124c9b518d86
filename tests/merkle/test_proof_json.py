"""Proofs as JSON: what is written is read, and nothing that is spelled otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.errors import InputError, UsageError
from sealane.merkle import (
    DEPTH_MAX,
    EMPTY_ROOT,
    PROOF_LEN_MAX,
    Existence,
    Inclusion,
    MerkleTree,
    ProofDocument,
    proof_document,
    prove,
    read_proof_document,
)
from sealane.merkle.proof_json import ROOT_KIND_LEN_MAX
from sealane.primitives import Account, Pubkey
from sealane.programs.kit.accounts.record import ACCOUNT_DATA_LEN_MAX

from .oracle import KEYS, STATES, as_path, record

ALICE = Pubkey.of("alice")
ACCOUNTS = {
    Pubkey.of(name): Account(2**60 + number, data=b"data")
    for number, name in enumerate(("alice", "bob", "carol"))
}


def document_of(key: Pubkey, accounts: dict[Pubkey, Account] = ACCOUNTS) -> ProofDocument:
    tree = MerkleTree.of(record(at, account) for at, account in accounts.items())
    proof = prove(tree, key, accounts.__getitem__, path_of=as_path)
    return ProofDocument(proof, tree.digest, 7, "merkle")


@given(STATES, KEYS)
def test_what_is_written_is_read(accounts: dict[Pubkey, Account], other: Pubkey) -> None:
    for key in (*list(accounts)[:2], other):
        document = document_of(key, accounts)
        text = json.dumps(proof_document(document))
        assert read_proof_document(json.loads(text)) == document


def test_the_format_of_a_proof() -> None:
    included = proof_document(document_of(ALICE))
    assert list(included) == ["sealane_proof", "root_kind", "height", "root", "key", "exists"]
    assert (included["sealane_proof"], included["height"]) == (1, 7)
    assert list(included["exists"]) == ["account", "siblings", "data"]
    account = included["exists"]["account"]
    assert account["lamports"] == str(2**60)
    assert list(account) == ["lamports", "owner", "executable", "data_len", "data_sha256"]
    absent = proof_document(document_of(Pubkey(bytes(32))))["absent"]
    assert absent["left"] is None
    assert list(absent["right"]) == ["key", "account", "siblings"]


Damage = Callable[[dict[str, Any]], object]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "no-version": (lambda d: d.pop("sealane_proof"), "None is no known version"),
    "next-version": (lambda d: d.update(sealane_proof=2), "this sealane reads 1"),
    "true-is-no-version": (lambda d: d.update(sealane_proof=True), "no known version"),
    "no-body": (lambda d: d.pop("exists"), "'exists' is missing"),
    "two-bodies": (lambda d: d.update(absent={}), "unknown key 'absent'"),
    "no-key": (lambda d: d.pop("key"), "'key' is missing"),
    "unknown": (lambda d: d.update(extra=1), "unknown key 'extra'"),
    "named-key": (lambda d: d.update(key="alice"), "key: a key in base58"),
    "short-key": (lambda d: d.update(key="1" * 31), "key: a key in base58"),
    "long-key": (lambda d: d.update(key="z" * 44), "key: a key in base58"),
    "root-length": (lambda d: d.update(root="ab"), "root: 64 hex digits"),
    "root-digits": (lambda d: d.update(root="g" * 64), "root: write two digits"),
    "root-case": (lambda d: d.update(root="AB" * 32), "root: 64 hex digits are wanted, small"),
    "root-type": (lambda d: d.update(root=1), "root: text is wanted"),
    "negative-height": (lambda d: d.update(height=-1), "height: an integer in"),
    "huge-height": (lambda d: d.update(height=2**64), "height: an integer in"),
    "true-height": (lambda d: d.update(height=True), "height: an integer in"),
    "spelled-height": (lambda d: d.update(height="07"), "height: write 7"),
    "no-kind": (lambda d: d.update(root_kind=""), "root_kind: text of 1 to 64"),
    "long-kind": (lambda d: d.update(root_kind="k" * (ROOT_KIND_LEN_MAX + 1)), "root_kind: text"),
    "exists-type": (lambda d: d.update(exists=[]), "exists: an object is wanted"),
    "data": (lambda d: d["exists"].update(data="AB=="), "exists.data: write AA=="),
    "data-type": (lambda d: d["exists"].update(data=None), "exists.data: text"),
    "siblings": (lambda d: d["exists"].update(siblings={}), "exists.siblings: a list"),
    "sibling": (lambda d: d["exists"]["siblings"].append(""), r"siblings\[\d+\]: 64 hex"),
    "lamports": (lambda d: d["exists"]["account"].update(lamports=2**64), "lamports: an integer"),
    "float": (lambda d: d["exists"]["account"].update(lamports=1.0), "lamports: an integer"),
    "flag": (lambda d: d["exists"]["account"].update(executable=1), "executable: true or false"),
    "hash": (lambda d: d["exists"]["account"].pop("data_sha256"), "'data_sha256' is missing"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_not_a_proof_says_where(name: str) -> None:
    damage, message = DAMAGES[name]
    document = json.loads(json.dumps(proof_document(document_of(ALICE))))
    damage(document)
    with pytest.raises(InputError, match=message):
        read_proof_document(document)


def test_a_neighbour_is_read_as_strictly() -> None:
    document = proof_document(document_of(Pubkey(bytes(32))))
    document["absent"]["right"]["data"] = ""
    with pytest.raises(InputError, match=r"absent\.right: unknown key 'data'"):
        read_proof_document(document)
    document["absent"]["right"] = 1
    with pytest.raises(InputError, match=r"absent\.right: an object"):
        read_proof_document(document)
    del document["absent"]["right"]
    with pytest.raises(InputError, match="absent: 'right' is missing"):
        read_proof_document(document)


def test_the_most_siblings_and_one_more() -> None:
    document = proof_document(document_of(ALICE))
    document["exists"]["siblings"] = [bytes(32).hex()] * DEPTH_MAX
    assert isinstance(read_proof_document(document).proof, Inclusion)
    document["exists"]["siblings"].append(bytes(32).hex())
    with pytest.raises(InputError, match=r"exists.siblings: 257 of them, 256 at most"):
        read_proof_document(document)


def test_the_longest_kind_of_a_root() -> None:
    document = proof_document(document_of(ALICE))
    document["root_kind"] = "k" * ROOT_KIND_LEN_MAX
    assert read_proof_document(document).root_kind == "k" * ROOT_KIND_LEN_MAX


def test_the_largest_proof_fits() -> None:
    data = bytes(ACCOUNT_DATA_LEN_MAX)
    largest = Account(2**64 - 1, data=data, executable=True)
    leaf = document_of(ALICE, {ALICE: largest}).proof
    assert isinstance(leaf, Inclusion)
    deep = Existence(ALICE, leaf.existence.value, (bytes(32),) * DEPTH_MAX)
    document = ProofDocument(Inclusion(deep, data), EMPTY_ROOT, 2**64 - 1, "k" * ROOT_KIND_LEN_MAX)
    assert len(json.dumps(proof_document(document), indent=2)) <= PROOF_LEN_MAX


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@settings(max_examples=40)
@given(JSON, st.data())
def test_any_json_is_a_proof_or_an_input_error(value: Any, data: st.DataObject) -> None:
    document = json.loads(json.dumps(proof_document(document_of(ALICE))))
    inner = data.draw(
        st.sampled_from([document, document["exists"], document["exists"]["account"]])
    )
    inner[data.draw(st.sampled_from(sorted(inner)))] = value
    for candidate in (value, document):
        try:
            read = read_proof_document(candidate)
        except InputError:
            continue
        assert read_proof_document(proof_document(read)) == read


def test_a_value_of_something_else_is_not_written() -> None:
    document = ProofDocument(Inclusion(Existence(ALICE, b"", ())), EMPTY_ROOT, 0, "merkle")
    with pytest.raises(UsageError, match="not one of an account"):
        proof_document(document)
