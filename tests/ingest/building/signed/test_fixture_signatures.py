"""Fixtures whose accounts are real keys, and whose transactions are signed with them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sealane.ingest.building.build import BuiltFixture, build_fixture
from sealane.ingest.files.document import Document
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.fixture.reader import read_fixture
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError, Pubkey, Transaction
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library import system
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.signatures.verifying import verify
from sealane.wire import encode_message
from sealane.wire.signed_transaction import SCHEME_BYTES

ALICE = Keypair(Scheme.ED25519, bytes(31) + b"\1")
CAROL = Keypair(Scheme.ML_DSA_44, bytes(31) + b"\2")
BLOCKHASH = bytes(range(32))
EXAMPLE = Path(__file__).parents[4] / "fixtures" / "signed.yaml"


def base64_of(raw: bytes) -> str:
    return f"base64:{base64.b64encode(raw).decode()}"


def message(blockhash: bytes = bytes(32)) -> bytes:
    """Carol pays bob, alice pays the fee."""
    call = system.transfer(source=CAROL.address, destination="bob", lamports=5)
    return encode_message(Transaction([call], payer=ALICE.address), blockhash)


def signatures(blockhash: bytes = bytes(32), *keys: Keypair) -> dict[str, str]:
    by_name = {"alice": ALICE, "carol": CAROL}
    kept = {name: key for name, key in by_name.items() if not keys or key in keys}
    return {name: base64_of(key.sign(message(blockhash))) for name, key in kept.items()}


def document(**transaction: Any) -> dict[str, Any]:
    call = {"source": "carol", "destination": "bob", "lamports": 5}
    return {
        "sealane": 1,
        "keys": {
            "alice": {"public_key": str(ALICE.address)},
            "carol": {"scheme": "ml-dsa-44", "public_key": base64_of(CAROL.public_key)},
        },
        "accounts": {"alice": {"lamports": 10}, "carol": {"lamports": 20}},
        "transactions": [
            {"id": "pay", "payer": "alice", "instructions": [{"system.transfer": call}]}
            | transaction
        ],
    }


def built(value: Mapping[str, Any]) -> BuiltFixture:
    fixture = read_fixture(Document("test", dict(value), lambda _: None))
    return build_fixture(fixture, ProgramSet([system]))


def require(value: Mapping[str, Any]) -> None:
    made = built(value)
    made.signatures.require(made.block, verify)


def test_names_of_keys_stand_for_their_accounts() -> None:
    made = built(document())
    assert list(made.accounts) == [ALICE.address, CAROL.address]
    assert made.names.by_key[CAROL.address] == "carol"
    assert list(made.block.keys)[:2] == [ALICE.address, CAROL.address]


def test_what_is_signed_is_the_message() -> None:
    require(document(signatures=signatures()))
    given = {"signatures": signatures(BLOCKHASH), "recent_blockhash": base64_of(BLOCKHASH)}
    require(document(**given))
    given["recent_blockhash"] = str(Pubkey(BLOCKHASH))
    require(document(**given))


def test_a_base58_name_is_an_ed25519_key_without_more() -> None:
    key = str(ALICE.address)
    call = {"system.transfer": {"source": key, "destination": "bob", "lamports": 5}}
    made = Transaction([system.transfer(source=ALICE.address, destination="bob", lamports=5)])
    signature = base64_of(ALICE.sign(encode_message(made, bytes(32))))
    transaction = {"instructions": [call], "signatures": {key: signature}}
    require({"sealane": 1, "transactions": [transaction]})


def other_amount(value: dict[str, Any]) -> None:
    value["transactions"][0]["instructions"][0]["system.transfer"]["lamports"] = 6


def other_account(value: dict[str, Any]) -> None:
    value["transactions"][0]["instructions"][0]["system.transfer"]["destination"] = "dave"


def other_blockhash(value: dict[str, Any]) -> None:
    value["transactions"][0]["recent_blockhash"] = base64_of(BLOCKHASH)


def other_signature(value: dict[str, Any]) -> None:
    value["transactions"][0]["signatures"]["alice"] = base64_of(ALICE.sign(b"something else"))


@pytest.mark.parametrize("change", [other_amount, other_account, other_blockhash, other_signature])
def test_a_wrong_signature_names_transaction_and_signer(
    change: Callable[[dict[str, Any]], None],
) -> None:
    value = document(signatures=signatures())
    change(value)
    with pytest.raises(
        InputError,
        match=r"transactions\[0\]\.signatures\.alice: 'pay' is not signed by 'alice': this "
        r"signature does not count by ed25519",
    ):
        require(value)


def test_every_fault_is_found() -> None:
    value = document(signatures=signatures())
    value["transactions"].append({**document()["transactions"][0], "id": "again"})
    other_amount(value)
    made = built(value)
    report = made.signatures.of_block(made.block).verified(verify)
    faults = [str(each) for each in made.signatures.faults(made.block, report)]
    assert [each.partition(": this")[0].partition(";")[0] for each in faults] == [
        "test: transactions[0].signatures.alice: 'pay' is not signed by 'alice'",
        "test: transactions[0].signatures.carol: 'pay' is not signed by 'carol'",
        "test: transactions[1]: 'again' is not signed by 'alice'",
        "test: transactions[1]: 'again' is not signed by 'carol'",
    ]


def test_a_missing_signature_is_named() -> None:
    with pytest.raises(InputError, match=r"transactions\[0\]: 'pay' is not signed by 'carol'"):
        require(document(signatures=signatures(bytes(32), ALICE)))
    with pytest.raises(InputError, match=r"transactions\[0\]: 'pay' is not signed by 'alice'"):
        require(document())


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"bob": "zeros:64"}, "signatures.bob: 'bob' does not have to sign this; known here: "),
        ({"alic": "zeros:64"}, "'alic' does not have to sign this; did you mean 'alice'"),
        ({"alice": "zeros:63"}, "a signature of ed25519 has 64 bytes, this has 63"),
        ({"carol": "zeros:64"}, "a signature of ml-dsa-44 has 2,420 bytes, this has 64"),
    ],
)
def test_signatures_that_cannot_be(given: dict[str, str], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        built(document(signatures=given))


def test_a_signer_without_a_key_is_told_where_it_belongs() -> None:
    value = document(signatures={"carol": "zeros:2420"})
    del value["keys"]["carol"]
    with pytest.raises(InputError, match="no key belongs to the name 'carol'; add one: `keys"):
        built(value)


def test_what_no_message_can_hold_is_not_signed() -> None:
    calls = [{"program": "memo"}] * 65
    value = document(instructions=calls, signatures={"alice": "zeros:64"})
    with pytest.raises(InputError, match="65 instructions, a message 64 at most"):
        built(value)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"keys": {"system": {"public_key": "zeros:32"}}}, "'system' is the chain's own"),
        ({"keys": {"clock": {"public_key": "zeros:32"}}}, "'clock' is the chain's own"),
        (
            {"keys": {str(CAROL.address): {"public_key": "hex:" + "07" * 32}}},
            "is a key itself, and this one signs for",
        ),
        (
            {"accounts": {"alice": {"address": {"program": "system", "seeds": ["a"]}}}},
            "accounts.alice.address: 'alice' has its address from `keys`; keep one of the two",
        ),
        (
            {"accounts": {"alice": {}, str(ALICE.address): {}}},
            "this is the same account as 'alice'; keep one of the two",
        ),
    ],
)
def test_a_key_and_a_name_belong_together(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        built(document() | changed)


def test_the_example_is_signed() -> None:
    fixture = read_input(EXAMPLE)
    assert isinstance(fixture, FixtureFile)
    made = build_fixture(fixture, ProgramSet([system]))
    assert {each.check.scheme for each in made.signatures.given} == set(SCHEME_BYTES)
    made.signatures.require(made.block, verify)
