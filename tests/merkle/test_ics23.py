"""Proofs as ICS-23 has them: its own vectors hold, and what we write is what it describes."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import pytest
from hypothesis import given

from sealane.merkle import (
    Absence,
    Existence,
    Inclusion,
    MerkleTree,
    Proof,
    encode_ics23,
    prove,
    verify_proof,
)
from sealane.merkle.hashing import bit_of, path_of_key
from sealane.primitives import Account, Pubkey

from .ics23_messages import commitment_proof
from .oracle import KEYS, STATES, as_path, record

VECTORS: Final[list[dict[str, str]]] = json.loads(
    (Path(__file__).parents[1] / "data" / "ics23" / "smt.json").read_text()
)
SHA256: Final = 1


def _existence(message: Any) -> Existence:
    """A proof of protobuf as ours. Its keys are of any length, so they are no account's."""
    assert message.leaf.hash == message.leaf.prehash_key == message.leaf.prehash_value == SHA256
    assert (message.leaf.length, message.leaf.prefix) == (0, b"\x00")
    path, siblings = path_of_key(message.key), list[bytes]()
    for number, step in enumerate(message.path):
        assert step.hash == SHA256
        assert step.prefix[:1] == b"\x01"
        siblings.append(step.prefix[1:] + step.suffix)
        assert len(siblings[-1]) == 32
        side = bit_of(path, len(message.path) - 1 - number)
        assert bool(step.suffix) == (side == 0), "the path says on which side a sibling stands"
    return Existence(cast("Pubkey", message.key), message.value, tuple(siblings))


def _proof(vector: dict[str, str]) -> Proof:
    message = commitment_proof(bytes.fromhex(vector["proof"]))
    if message.HasField("exist"):
        return Inclusion(_existence(message.exist))
    sides = message.nonexist
    return Absence(
        cast("Pubkey", bytes.fromhex(vector["key"])),
        _existence(sides.left) if sides.HasField("left") else None,
        _existence(sides.right) if sides.HasField("right") else None,
    )


def _reason(proof: Proof, root: str) -> str:
    """Why a proof does not hold. That the values are no accounts comes after all else holds."""
    return verify_proof(proof, root).reason.replace("its value is not one of an account", "")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_of_ics23_hold(vector: dict[str, str]) -> None:
    proof = _proof(vector)
    assert proof.key == bytes.fromhex(vector["key"])
    if isinstance(proof, Inclusion):
        assert proof.existence.value == bytes.fromhex(vector["value"])
    assert _reason(proof, vector["root"]) == ""
    for at in range(64):
        digit = "0" if vector["root"][at] != "0" else "1"
        assert _reason(proof, vector["root"][:at] + digit + vector["root"][at + 1 :]) != ""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_do_not_hold_for_another_key(vector: dict[str, str]) -> None:
    proof = _proof(vector)
    present = cast("Pubkey", bytes.fromhex(VECTORS[0]["key"]))
    if isinstance(proof, Inclusion):
        wrong = replace(proof.existence, key=cast("Pubkey", b"another key"))
        assert _reason(Inclusion(wrong), vector["root"]) != ""
    else:
        neighbour = proof.left or proof.right
        assert neighbour is not None
        assert _reason(replace(proof, key=neighbour.key), vector["root"]) != ""
        if vector["name"] != "nonexist_left":
            assert _reason(replace(proof, key=present), vector["root"]) != ""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_what_we_write_of_the_vectors_is_their_bytes(vector: dict[str, str]) -> None:
    given_bytes = bytes.fromhex(vector["proof"])
    if vector["value"]:
        assert encode_ics23(_proof(vector)) == given_bytes
        return
    # As key of an absence they have its path; the spec's verifiers do not read it.
    message = commitment_proof(encode_ics23(_proof(vector)))
    message.nonexist.key = sha256(message.nonexist.key).digest()
    assert message.SerializeToString(deterministic=True) == given_bytes


@given(STATES, KEYS)
def test_the_proofs_of_a_tree_are_written_as_the_spec_describes(
    accounts: dict[Pubkey, Account], other: Pubkey
) -> None:
    tree = MerkleTree.of(record(key, account) for key, account in accounts.items())
    for key in (*list(accounts)[:3], other):
        proof = prove(tree, key, accounts.__getitem__, path_of=as_path)
        message = commitment_proof(encode_ics23(proof, path_of=as_path))
        if isinstance(proof, Inclusion):
            assert _root(message.exist) == tree.digest
            assert (message.exist.key, message.exist.value) == (key, proof.existence.value)
            continue
        sides = message.nonexist
        assert sides.key == key
        for name, leaf in (("left", proof.left), ("right", proof.right)):
            assert sides.HasField(name) == (leaf is not None)
            if leaf is not None:
                assert _root(getattr(sides, name)) == tree.digest


def _root(existence: Any) -> bytes:
    """The root by the operations that the message names; its keys are paths here."""
    value = sha256(existence.value).digest()
    digest = sha256(existence.leaf.prefix + existence.key + value).digest()
    for step in existence.path:
        digest = sha256(step.prefix + digest + step.suffix).digest()
    return digest
