"""Lists in envelopes and blocks, as bytes and as JSON: each is recognised, and read alike."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.ingest.ethereum.access_list.document import is_list_document, read_list_document
from sealane.ingest.ethereum.rlp import encode_rlp
from sealane.primitives import InputError
from sealane.primitives.keccak import keccak_hex

SENDER, MINER = "0x" + 40 * "a", "0x" + 40 * "c"
ACCOUNTS = [
    {
        "address": SENDER,
        "storageReads": ["0x5"],
        "nonceChanges": [{"index": "0x1", "value": "0x1"}],
        "balanceChanges": [{"index": "0x1", "value": "0x9"}],
    },
    {"address": MINER, "balanceChanges": [{"index": "0x1", "value": "0x2"}]},
]
RAW = encode_rlp(
    [
        [b"\xaa" * 20, [], [b"\5"], [[b"\1", b"\x09"]], [[b"\1", b"\1"]], []],
        [b"\xcc" * 20, [], [], [[b"\1", b"\2"]], [], []],
    ]
)
ALONE = {
    "bytes": RAW,
    "accounts": ACCOUNTS,
    "enveloped accounts": {"jsonrpc": "2.0", "id": 1, "result": ACCOUNTS},
    "enveloped hex": {"jsonrpc": "2.0", "id": 1, "result": "0x" + RAW.hex()},
    "under a name": {"blockAccessList": ACCOUNTS},
    "hex under a name": {"blockAccessList": "0x" + RAW.hex()},
    "enveloped, under a name": {"id": 1, "result": {"blockAccessList": ACCOUNTS}},
}


@pytest.mark.parametrize("form", ALONE)
def test_every_form_is_the_same_block(form: str) -> None:
    document = ALONE[form]
    assert is_list_document(document)
    block = read_list_document(document)
    assert block.list_hash is not None
    assert block.list_hash.computed == keccak_hex(RAW)
    assert block == read_list_document(RAW)


def test_what_a_payload_says_beside_its_list() -> None:
    payload: dict[str, Any] = {
        "blockNumber": "0x7",
        "blockHash": "0x" + 64 * "1",
        "feeRecipient": MINER,
        "gasLimit": "0x1c9c380",
        "transactions": ["0x" + 64 * "2"],
        "blockAccessListHash": "0x" + 64 * "3",
        "blockAccessList": "0x" + RAW.hex(),
    }
    block = read_list_document({"jsonrpc": "2.0", "id": 1, "result": payload})
    assert (block.number, block.coinbase, block.gas_limit) == (7, MINER, 30_000_000)
    assert [facts.hash for facts in block.facts] == ["0x" + 64 * "2"]
    assert block.list_hash is not None
    assert block.list_hash.header == "0x" + 64 * "3"
    assert not block.coinbase_is_inferred
    assert len(block.steps[0].adds) == 1


def test_what_a_list_alone_leaves_open_is_said() -> None:
    reads, coinbase, count = read_list_document(RAW).notes
    assert reads.startswith(
        "the list does not say which transaction reads what (the block reads 1 key)"
    )
    assert "lower bound" in reads
    assert coinbase == "the coinbase is not known, so payments to it count as writes"
    assert count.endswith("the nonces in the list are of 1")


def test_other_documents_are_not_lists() -> None:
    others: list[object] = [
        [],
        {},
        {"jsonrpc": "2.0", "result": []},
        {"jsonrpc": "2.0", "result": None},
        {"jsonrpc": "2.0", "result": "0x" + 64 * "1"},  # a hash
        {"blockAccessList": None, "number": "0x1"},
        [{"address": SENDER, "topics": []}],
        "0xc0",
    ]
    assert not any(map(is_list_document, others))


BAD: dict[str, tuple[object, str]] = {
    "bytes that are no RLP": (b"\xf9\xff\xff", "access list: not RLP"),
    "more behind the list": (RAW + b"\0", "access list: not RLP: 1 bytes follow the item"),
    "half a list": (RAW[:40], "access list: not RLP"),
    "hex of something else": (
        {"blockAccessList": "0x80"},
        "access list: expected a list, found 0 bytes",
    ),
    "a number": ({"blockAccessList": 5}, "blockAccessList: expected a list"),
    "a coinbase that is none": (
        {"blockAccessList": ACCOUNTS, "miner": "0x1"},
        "coinbase: expected an address",
    ),
    "a transaction that is none": (
        {"blockAccessList": ACCOUNTS, "transactions": [7]},
        "transactions[0]: expected an object",
    ),
    "one transaction too many": (
        {"blockAccessList": ACCOUNTS, "transactions": ["0x" + 64 * "1", "0x" + 64 * "2"]},
        "transaction 2 of 2 changes no nonce",
    ),
    "too many transactions": (
        {"blockAccessList": ACCOUNTS, "transactions": ["0x" + 64 * "1"] * 65_535},
        "transactions: 65,535; a list has room for 65,534",
    ),
    "an error of the node": (
        {"jsonrpc": "2.0", "error": {"code": -1, "message": "no"}, "blockAccessList": ACCOUNTS},
        "the node answered with error -1: no",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_documents_are_errors(name: str) -> None:
    document, message = BAD[name]
    with pytest.raises(InputError) as caught:
        read_list_document(document)
    assert str(caught.value).startswith(message)


def test_a_list_has_room_for_as_many_transactions_as_it_has_indices() -> None:
    hashes = ["0x" + 64 * "1"] * 65_534
    with pytest.raises(InputError, match="transaction 2 of 65534 changes no nonce"):
        read_list_document({"blockAccessList": ACCOUNTS, "transactions": hashes})
