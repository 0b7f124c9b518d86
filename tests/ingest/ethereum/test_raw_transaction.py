"""Signed transactions: every envelope, and the bytes that are none."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.ingest.ethereum.keys import StateKey
from sealane.ingest.ethereum.raw_transaction import created_address, read_raw_transaction
from sealane.ingest.ethereum.rlp import RlpItem, encode_rlp
from sealane.primitives.keccak import keccak_hex

from ...real_data import shared_files

TO = bytes.fromhex(20 * "ab")
DATA = bytes.fromhex("a9059cbb0102")
LEGACY: list[RlpItem] = [b"\x07", b"\x01", b"\x52\x08", TO, b"", DATA, b"\x1b", b"\x01", b"\x02"]
ACCESS_LIST: list[RlpItem] = [[TO, [bytes(31) + b"\x05", bytes(32)]], [bytes(20), []]]
HEAD: list[RlpItem] = [b"\x01", b"\x07"]
TAIL: list[RlpItem] = [b"\x52\x08", TO, b"", DATA, ACCESS_LIST]
SIGNATURE: list[RlpItem] = [b"", b"\x01", b"\x02"]
BODIES: dict[int, list[RlpItem]] = {
    1: [*HEAD, b"\x01", *TAIL, *SIGNATURE],
    2: [*HEAD, b"\x01", b"\x02", *TAIL, *SIGNATURE],
    3: [*HEAD, b"\x01", b"\x02", *TAIL, b"\x03", [bytes(32)], *SIGNATURE],
    4: [*HEAD, b"\x01", b"\x02", *TAIL, [[b"\x01", TO, b"", *SIGNATURE]], *SIGNATURE],
}


def enveloped(kind: int) -> bytes:
    return bytes([kind]) + encode_rlp(BODIES[kind]) if kind else encode_rlp(LEGACY)


@pytest.mark.parametrize("kind", range(5))
def test_every_envelope_says_the_same(kind: int) -> None:
    raw = enveloped(kind)
    read = read_raw_transaction(raw, "raw")
    facts = read.facts
    assert (facts.hash, facts.nonce, facts.gas_limit) == (keccak_hex(raw), 7, 21_000)
    assert (facts.to, facts.creates, facts.selector) == ("0x" + TO.hex(), False, "0xa9059cbb")
    slots = [StateKey.slot("0x" + TO.hex(), slot) for slot in (5, 0)]
    assert list(read.hints) == (slots if kind else [])
    assert facts.authorizes is (kind == 4)


def test_a_creation_has_no_recipient_and_no_selector() -> None:
    facts = read_raw_transaction(encode_rlp([*LEGACY[:3], b"", *LEGACY[4:]]), "raw").facts
    assert (facts.to, facts.creates, facts.selector) == (None, True, None)


def test_blobs_beside_a_transaction_are_not_part_of_its_hash() -> None:
    with_blobs = b"\x03" + encode_rlp([BODIES[3], [bytes(100)], [bytes(48)], [bytes(48)]])
    assert read_raw_transaction(with_blobs, "raw").facts.hash == keccak_hex(enveloped(3))


def test_of_a_type_that_is_not_known_only_the_hash_is() -> None:
    raw = b"\x7e" + b"whatever"
    facts = read_raw_transaction(raw, "raw").facts
    assert facts.hash == keccak_hex(raw)
    assert (facts.nonce, facts.creates) == (None, None)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "raw: expected a signed transaction, but no bytes"),
        (b"\x80", "the first byte is 0x80"),
        (b"\x02", "raw: not RLP"),
        (encode_rlp(LEGACY)[:-1], "cut short"),
        (encode_rlp(LEGACY[:-1]), "8 fields; a transaction of type 0 has 9"),
        (b"\x02" + encode_rlp(BODIES[1]), "11 fields; a transaction of type 2 has 12"),
        (encode_rlp([[], *LEGACY[1:]]), "raw: nonce: expected bytes, found a list"),
        (encode_rlp([b"\0\x01", *LEGACY[1:]]), "raw: nonce: a number with leading zeros"),
        (encode_rlp([bytes([1] * 9), *LEGACY[1:]]), "raw: nonce: expected at most 8 bytes"),
        (encode_rlp([*LEGACY[:3], TO[1:], *LEGACY[4:]]), "raw: to: expected 0 or 20 bytes"),
        (b"\x01" + encode_rlp([*BODIES[1][:7], [TO], *SIGNATURE]), "access list: expected a list"),
        (b"\x01" + encode_rlp([*BODIES[1][:7], [[TO]], *SIGNATURE]), "an address and slots"),
        (
            b"\x01" + encode_rlp([*BODIES[1][:7], [[TO, [b"\x01"]]], *SIGNATURE]),
            "access list: slot: expected 32 bytes, found 1",
        ),
    ],
)
def test_faults_name_the_field(raw: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_raw_transaction(raw, "raw")


@given(st.sampled_from(range(5)), st.data())
def test_altered_bytes_are_read_or_refused(kind: int, data: st.DataObject) -> None:
    raw = bytearray(enveloped(kind))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):  # anything else is a bug
        assert read_raw_transaction(bytes(raw), "raw").facts.hash


def test_hashes_are_those_that_the_node_says() -> None:
    """Anvil signed these; the fields are the node's, the encoding and the hash are ours."""
    [path] = [each for each in shared_files("ethereum") if each.name == "anvil_block.json"]
    document: Any = json.loads(path.read_bytes())
    for shown in document["block"]["transactions"]:
        names = ["chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas"]
        body: list[RlpItem] = [quantity(shown[name]) for name in names]
        body += [bytes.fromhex(shown["to"][2:]), quantity(shown["value"])]
        body.append(bytes.fromhex(shown["input"][2:]))
        body.append([entry_of(entry) for entry in shown["accessList"]])
        body += [quantity(shown[name]) for name in ("yParity", "r", "s")]
        facts = read_raw_transaction(b"\x02" + encode_rlp(body), "raw").facts
        assert (facts.hash, facts.to) == (shown["hash"], shown["to"])
        assert facts.gas_limit == int(shown["gas"], 16)


def entry_of(entry: dict[str, Any]) -> RlpItem:
    slots = [bytes.fromhex(slot[2:]) for slot in entry["storageKeys"]]
    return [bytes.fromhex(entry["address"][2:]), slots]


def quantity(text: str) -> bytes:
    number = int(text, 16)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def test_the_address_of_a_new_contract_is_that_of_the_receipt() -> None:
    # CryptoKitties' core contract, as mainnet has it.
    creator = "0xba52c75764d6f594735dc735be7f1830cdf58ddf"
    assert created_address(creator, 3515) == "0x06012c8cf97bead5deae237070f9587f8e7a266d"
