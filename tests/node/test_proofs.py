"""A node's proofs of accounts, for anyone who knows the state root of its last block."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

import pytest

import sealane
from sealane import Pubkey
from sealane.merkle import AccountContent, read_proof_document, verify_proof
from sealane.node import Application, Code

from ..merkle.ics23_messages import commitment_proof
from .senders import ALICE, begin, run_block


@pytest.fixture
def node() -> Iterator[Application]:
    with sealane.Runtime(workers=0, root="merkle") as runtime:
        made = begin(Application(runtime))
        assert run_block(made, ALICE.pay(made.blockhash, "bob", 400)) == [0]
        yield made


def root(node: Application) -> bytes:
    return node.query("/root").value


def test_a_proof_as_json(node: Application) -> None:
    for name, lamports in (("bob", 400), ("nobody", None)):
        answer = node.query("/proof", name.encode())
        document = read_proof_document(json.loads(answer.value))
        assert (answer.code, answer.key, document.height) == (0, Pubkey.of(name), 1)
        verdict = verify_proof(document, root(node), name)
        assert verdict
        assert (verdict.content and verdict.content.lamports) == lamports


def test_an_account_and_its_proof_of_ics23(node: Application) -> None:
    answer = node.query("/account", b"bob", prove=True)
    assert answer.value == AccountContent.of(node.runtime.account("bob")).value
    proof = commitment_proof(answer.proof).exist
    assert (proof.key, proof.value) == (answer.key, answer.value)
    digest = sha256(b"\0" + sha256(proof.key).digest() + sha256(proof.value).digest()).digest()
    for step in proof.path:
        digest = sha256(step.prefix + digest + step.suffix).digest()
    assert digest == root(node)


def test_a_proof_comes_only_where_it_was_asked_for(node: Application) -> None:
    assert node.query("/account", b"bob").proof == b""


def test_an_account_that_does_not_exist(node: Application) -> None:
    answer = node.query("/account", b"nobody", prove=True)
    assert (answer.code, answer.value) == (0, b"")
    message = commitment_proof(answer.proof)
    assert message.HasField("nonexist")
    assert message.nonexist.key == Pubkey.of("nobody")


def test_nothing_is_proved_that_no_block_has_committed(node: Application) -> None:
    before = root(node)
    node.finalize(2, [ALICE.pay(node.blockhash, "carol", 1)])
    document = read_proof_document(json.loads(node.query("/proof", b"carol").value))
    assert verify_proof(document, before, "carol").content is None


def test_before_the_first_block_nothing_is_committed_to() -> None:
    """A proof of absence for an account of the genesis would be wrong."""
    with sealane.Runtime(workers=0, root="merkle") as runtime:
        node = begin(Application(runtime))
        for path, prove in (("/account", True), ("/proof", False)):
            assert node.query(path, bytes(ALICE.key), prove=prove).code == Code.NO_PROOF
        run_block(node)
        assert node.query("/proof", bytes(ALICE.key)).code == 0


def test_another_state_root_proves_no_account() -> None:
    with sealane.Runtime(workers=0) as runtime:
        node = begin(Application(runtime))
        run_block(node)
        for path, prove in (("/account", True), ("/proof", False)):
            assert node.query(path, b"bob", prove=prove).code == Code.NO_PROOF


def test_only_accounts_are_proved(node: Application) -> None:
    assert node.query("/height", prove=True).code == Code.NO_PROOF
    assert node.query("/proof", b"").code == Code.INVALID_KEY


def test_the_kind_of_root_is_a_rule_of_the_chain(node: Application) -> None:
    assert json.loads(node.query("/chain").value)["root"] == "merkle"
