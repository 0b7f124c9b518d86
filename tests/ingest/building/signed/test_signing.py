"""Fixtures are signed so that they verify, keep what they said, and need no key twice."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sealane.ingest.building.build import build_fixture
from sealane.ingest.building.signed.signing import Signed, sign_fixture
from sealane.ingest.files.document import Document
from sealane.ingest.files.yaml_reader import read_yaml
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.fixture.reader import read_fixture
from sealane.ingest.fixture.written import fixture_yaml
from sealane.primitives import InputError, UsageError
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library import system
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.signatures.verifying import verify

ALICE = Keypair(Scheme.ED25519, bytes(31) + b"\1")
CAROL = Keypair(Scheme.ML_DSA_44, bytes(31) + b"\2")
TEXT = """\
sealane: 1
why: "signed: by hand 😀"   # a comment
accounts:
  alice: {lamports: 18_446_744_073_709_551_615}
transactions:
  - id: pay
    payer: alice
    instructions:
      - system.transfer: {source: carol, destination: bob, lamports: 5}
  - {id: locks, writes: [alice]}
  - instructions:
      - system.transfer: {source: alice, destination: bob, lamports: 5}
fee: {lamports_per_signature: 5}
""".encode()


def parsed(text: bytes) -> FixtureFile:
    return read_fixture(read_yaml(text, "test.yaml"))


def signed(text: bytes, *keypairs: Keypair, **named: Keypair) -> Signed:
    return sign_fixture(parsed(text), ProgramSet([system]), keypairs, named)


def written(made: Signed) -> bytes:
    return "".join(f"{line}\n" for line in fixture_yaml(made.document)).encode()


def faults(text: bytes) -> list[str]:
    built = build_fixture(parsed(text), ProgramSet([system]))
    found = built.signatures.of_block(built.block).verified(verify)
    return [str(each).partition(";")[0] for each in built.signatures.faults(built.block, found)]


def test_all_is_signed_at_once() -> None:
    made = signed(TEXT, alice=ALICE, carol=CAROL)
    assert (made.made, made.lacking) == (3, {})
    text = written(made)
    parts = [line.partition(":")[0] for line in text.decode().split("\n") if line[:1].isalpha()]
    assert parts == ["sealane", "why", "keys", "accounts", "transactions", "fee"]
    again = parsed(text)
    assert list(again.keys) == ["alice", "carol"]
    assert again.accounts == parsed(TEXT).accounts
    assert [each._replace(signatures=None) for each in again.transactions] == (
        parsed(TEXT).transactions
    )
    assert faults(text) == []


def test_one_after_the_other() -> None:
    carol = base64.b64encode(CAROL.public_key)
    text = TEXT + b'keys: {carol: {scheme: ml-dsa-44, public_key: "base64:%b"}}\n' % carol
    first = signed(text, alice=ALICE)
    assert (first.made, first.lacking) == (2, {"pay": ["carol"]})
    assert faults(written(first)) == [
        "test.yaml:9: transactions[0]: 'pay' is not signed by 'carol'"
    ]
    second = signed(written(first), CAROL)
    assert (second.made, second.lacking) == (1, {})
    assert faults(written(second)) == []
    # Its key is in the file by now, so the name need not be said again.
    assert signed(written(second), ALICE).document == second.document


def test_a_signer_must_have_a_key_as_it_changes_the_message() -> None:
    with pytest.raises(InputError, match=r"transactions\[0\]: 'carol' has to sign, and no key"):
        signed(TEXT, alice=ALICE)


def test_changed_transactions_are_signed_anew() -> None:
    text = written(signed(TEXT, alice=ALICE, carol=CAROL))
    changed = text.replace(b'"lamports":5}', b'"lamports":6}')
    assert len(faults(changed)) == 3
    assert faults(written(signed(changed, ALICE, CAROL))) == []


def test_what_others_signed_stays_only_as_long_as_it_counts() -> None:
    text = written(signed(TEXT, alice=ALICE, carol=CAROL))
    kept = signed(text, CAROL)
    assert (kept.made, kept.lacking) == (1, {})
    assert faults(written(kept)) == []
    changed = signed(text.replace(b'"lamports":5}', b'"lamports":6}'), CAROL)
    assert (changed.made, changed.lacking) == (1, {"pay": ["alice"], "t2": ["alice"]})
    assert [each.partition(": ")[2] for each in faults(written(changed))] == [
        "transactions[0]: 'pay' is not signed by 'alice'",
        "transactions[2]: 't2' is not signed by 'alice'",
    ]


def test_a_key_of_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match=f"no transaction has to be signed by {CAROL.address}"):
        signed(TEXT.replace(b"source: carol", b"source: alice"), CAROL, alice=ALICE)
    with pytest.raises(UsageError, match="no transaction has to be signed by"):
        signed(TEXT, alice=ALICE, carol=CAROL, dave=Keypair(Scheme.ED25519, bytes(32)))


@pytest.mark.parametrize(
    "value",
    [{"sealane": 1, "generate": {"n": 2, "accounts": 2}}, {"sealane": 1}],
    ids=["generated", "lines"],
)
def test_what_has_no_transactions_to_write_is_refused(value: dict[str, Any]) -> None:
    fixture = read_fixture(Document("test.jsonl", value, lambda _: None))
    with pytest.raises(InputError, match=r"test\.jsonl: .* is not signed; write its transactions"):
        sign_fixture(fixture, ProgramSet([system]), [ALICE], {})


def test_a_transaction_that_no_message_holds_is_named() -> None:
    calls = "".join("      - {program: system}\n" for _ in range(65))
    text = b"sealane: 1\ntransactions:\n  - payer: alice\n    instructions:\n" + calls.encode()
    with pytest.raises(InputError, match=r"test.yaml:3: transactions\[0\]: .*65 instructions"):
        signed(text, alice=ALICE)
