"""Senders of Ethereum transactions: recovered for every type, refused for whatever is altered."""

from __future__ import annotations

from typing import Any, Final

import pytest

from sealane.ingest.building.recording import Recording
from sealane.ingest.ethereum.chain import ETHEREUM
from sealane.ingest.ethereum.node_answers.rpc_block import read_rpc_block
from sealane.ingest.ethereum.raw_transaction import read_raw_transaction
from sealane.ingest.ethereum.rlp import RlpItem, decode_rlp_list, encode_rlp
from sealane.ingest.ethereum.signed import (
    HOMESTEAD,
    LAYOUTS,
    Signed,
    SignedBy,
    SignedDigest,
    block_signatures,
)
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError
from sealane.signatures.block_signatures import SignatureReport
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.signatures.secp256k1 import GROUP_ORDER

from ...real_data import shared_files

Json = dict[str, Any]
ALICE: Final = Keypair(Scheme.SECP256K1, bytes(range(1, 33)))
SENDER: Final = "0x" + ALICE.public_key.hex()
TO: Final = "0x" + 20 * "ab"
HASH: Final = "0x" + 32 * "cd"
FIELDS: Final[Json] = {
    "chainId": "0x1",
    "nonce": "0x7",
    "gasPrice": "0x3b9aca00",
    "maxPriorityFeePerGas": "0x1",
    "maxFeePerGas": "0x3b9aca00",
    "gas": "0x5208",
    "to": TO,
    "value": "0xde0b6b3a7640000",
    "input": "0xa9059cbb0000",
    "accessList": [{"address": TO, "storageKeys": [HASH, "0x" + 32 * "00"]}],
    "maxFeePerBlobGas": "0x5",
    "blobVersionedHashes": ["0x01" + 31 * "ef"],
    "authorizationList": [
        {"chainId": "0x0", "address": TO, "nonce": "0x1", "yParity": "0x1", "r": "0x2", "s": "0x3"}
    ],
}
KINDS: Final = ("legacy", "legacy with a chain", *sorted(LAYOUTS)[1:])


def signed_json(kind: str | int, **changes: Any) -> Json:
    """A transaction of a type, as a node answers it, signed by alice."""
    number = kind if isinstance(kind, int) else 0
    fields = {name: FIELDS[name] for name in LAYOUTS[number]} | changes
    v = {"legacy": 27, "legacy with a chain": 37}.get(str(kind), 0)
    unsigned = fields | {"type": hex(number), "v": hex(v), "r": "0x1", "s": "0x1"}
    digest = Signed.of_json(unsigned, "it")
    assert digest is not None
    signature = ALICE.sign(digest.digest.digest)
    r, s, parity = signature[:32].hex(), signature[32:64].hex(), signature[64]
    words = {"r": hex(int(r, 16)), "s": hex(int(s, 16)), "v": hex(v + parity)}
    return unsigned | words | {"from": SENDER} | ({"yParity": hex(parity)} if number else {})


def raw_of(fields: Json) -> bytes:
    """The bytes that travel of a transaction in JSON."""
    number = int(fields["type"], 16)
    quantities = ("nonce", "gasPrice", "gas", "value", "chainId", "maxPriorityFeePerGas")
    quantities = (*quantities, "maxFeePerGas", "maxFeePerBlobGas", "v", "r", "s")
    items: list[RlpItem] = []
    for name in (*LAYOUTS[number], "v", "r", "s"):
        value = fields[name]
        if name in quantities:
            whole = int(value, 16)
            items.append(whole.to_bytes((whole.bit_length() + 7) // 8, "big"))
        elif name in ("to", "input"):
            items.append(bytes.fromhex((value or "0x")[2:]))
        elif name == "accessList":
            items.append(
                [
                    [
                        bytes.fromhex(each["address"][2:]),
                        [bytes.fromhex(slot[2:]) for slot in each["storageKeys"]],
                    ]
                    for each in value
                ]
            )
        elif name == "blobVersionedHashes":
            items.append([bytes.fromhex(each[2:]) for each in value])
        else:
            assert value == FIELDS["authorizationList"]
            items.append([[b"", bytes.fromhex(TO[2:]), b"\1", b"\1", b"\2", b"\3"]])
    return (bytes((number,)) if number else b"") + encode_rlp(items)


def report(fields: Json, number: int | None = 20_000_000) -> SignatureReport:
    told = SignedBy("it", fields["from"], Signed.of_json(fields, "it"))
    return block_signatures([told], number).verified()


def counts(fields: Json, number: int | None = 20_000_000) -> bool:
    found = report(fields, number)
    assert found.verified + len(found.wrong) == 1
    return found.ok


@pytest.mark.parametrize("kind", KINDS)
def test_the_sender_of_every_type_is_recovered(kind: str | int) -> None:
    fields = signed_json(kind)
    assert counts(fields)
    assert counts(signed_json(kind, to=None, input="0x"))
    other = Keypair(Scheme.SECP256K1, bytes(31) + b"\1").public_key.hex()
    found = report({**fields, "from": "0x" + other})
    assert found.wrong == (("it", "0x" + other),)


@pytest.mark.parametrize("kind", KINDS)
def test_each_altered_field_is_refused(kind: str | int) -> None:
    fields = signed_json(kind)
    number = kind if isinstance(kind, int) else 0
    for name in (*LAYOUTS[number], "r", "s", "v", "from", *(["yParity"] if number else [])):
        assert not counts({**fields, name: altered(name, fields[name])}), name


def altered(name: str, value: Any) -> Any:
    if name == "input":
        return value + "00"
    if name in ("to", "from"):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    if isinstance(value, str):
        return hex(int(value, 16) ^ 1)
    if name == "authorizationList":
        return [{**value[0], "nonce": "0x2"}]
    return value[:-1]


def test_two_fields_that_say_the_same_agree() -> None:
    fields = signed_json("legacy with a chain", chainId="0x1")
    assert counts(fields)
    assert not counts({**fields, "chainId": "0x5"})
    assert counts({**signed_json("legacy"), "chainId": "0x5"})  # what a node adds to old ones


@pytest.mark.parametrize("v", [0, 1, 26, 29, 34, 2**64, 2**256 - 1])
def test_a_v_of_no_signature(v: int) -> None:
    assert not counts({**signed_json("legacy"), "v": hex(v)})


@pytest.mark.parametrize("parity", [2, 27, 255, 256, 2**256 - 1])
def test_a_parity_is_0_or_1(parity: int) -> None:
    assert not counts({**signed_json(2), "v": hex(parity), "yParity": hex(parity)})


def test_a_large_s_counts_before_homestead_alone() -> None:
    fields = signed_json("legacy")
    twin = {
        **fields,
        "s": hex(GROUP_ORDER - int(fields["s"], 16)),
        "v": hex(27 + 28 - int(fields["v"], 16)),
    }
    assert counts(twin, HOMESTEAD - 1)
    assert not counts(twin, HOMESTEAD)
    assert not counts(twin, None)
    assert not counts({**twin, "v": fields["v"]}, HOMESTEAD - 1)
    assert not counts({**twin, "s": hex(GROUP_ORDER)}, HOMESTEAD - 1)
    for kind in KINDS[1:]:  # those types are younger
        young = signed_json(kind)
        flipped = {"s": hex(GROUP_ORDER - int(young["s"], 16))}
        assert not counts({**young, **flipped}, HOMESTEAD - 1)


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_and_json_say_the_same(kind: str | int) -> None:
    fields = signed_json(kind)
    raw = read_raw_transaction(raw_of(fields), "it").facts
    assert raw.signed == Signed.of_json(fields, "it")
    assert raw.signed != Signed.of_json(signed_json(kind, nonce="0x8"), "it")
    told = SignedBy("it", SENDER, raw.signed)
    assert block_signatures([told], None).verified() == (1, (), ())


def test_each_flipped_bit_of_the_bytes_is_refused() -> None:
    raw = raw_of(signed_json(2))
    assert len(decode_rlp_list(raw[1:], "it")) == 12
    for bit in range(8, 8 * len(raw), 5):
        flipped = int.from_bytes(raw, "big") ^ 1 << (8 * len(raw) - 1 - bit)
        try:
            facts = read_raw_transaction(flipped.to_bytes(len(raw), "big"), "it").facts
            found = block_signatures([SignedBy("it", SENDER, facts.signed)], None).verified()
        except InputError:
            continue
        assert found.wrong


def test_what_is_not_shown_is_said() -> None:
    fields = signed_json(2)
    rollup = report({**fields, "type": "0x7e"})
    assert rollup.unchecked == (("it", "transactions of type 0x7e are not known here"),)
    without = {name: value for name, value in fields.items() if name not in ("r", "s")}
    assert "its signature is not shown" in report(without).unchecked[0].reason
    nobody = block_signatures([SignedBy("it", None, Signed.of_json(fields, "it"))], None)
    assert nobody.unchecked == (("it", "its sender is not said, to compare with"),)


def test_a_malformed_field_names_transaction_and_field() -> None:
    with pytest.raises(InputError, match="it: nonce"):
        report({**signed_json(2), "nonce": "0xzz"})


def test_reading_a_block_hashes_nothing() -> None:
    asked: list[None] = []

    def read() -> SignedDigest:
        asked.append(None)
        return SignedDigest(bytes(32), 1, 1, 0, may_be_large=False)

    signed = Signed(read)
    assert asked == []
    assert signed == Signed(read)
    assert repr(signed) == "signed digest 0x" + 64 * "0"
    assert len(asked) == 2
    assert hash(signed) == hash(signed)


def test_two_files_about_a_block_that_say_the_same_are_joined() -> None:
    fields = signed_json(2) | {"hash": HASH, "transactionIndex": "0x0"}
    block: Json = {"parentHash": HASH, "stateRoot": HASH, "number": "0x5", "transactions": [fields]}
    answer = read_rpc_block(block)
    assert answer.transactions is not None
    assert answer.transactions[0].facts.signed == Signed.of_json(fields, "it")


def test_every_sender_of_the_shared_blocks_is_recovered() -> None:
    verified = 0
    for folder in ("ethereum", "ethereum/blocks", "ethereum/eip7928", "ethereum/traces"):
        for path in shared_files(folder):
            for recording in recordings(str(path)):
                try:
                    found = recording.signatures().verified()
                except InputError:  # a test whose block breaks another rule
                    continue
                assert found.wrong == (), path
                verified += found.verified
    assert verified >= 180


def recordings(path: str) -> list[Recording]:
    try:
        found = read_input(path)
    except InputError:  # a state, to be read beside a block
        return []
    assert isinstance(found, list)
    return [each for each in found if each.chain == ETHEREUM.name]
