"""eth_getBlockByNumber and receipts: what is certain of each transaction, what only hinted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.model import BlockSource
from sealane.ingest.ethereum.node_answers import receipts as receipts_module
from sealane.ingest.ethereum.node_answers import rpc_block as rpc_block_module
from sealane.ingest.ethereum.node_answers.receipts import read_receipts
from sealane.ingest.ethereum.node_answers.rpc_block import read_rpc_block

from .samples import (
    ALICE,
    BLOCK_HASH,
    BOB,
    CALLED,
    CAROL,
    HASHES,
    MINER,
    ONE,
    POOL,
    SLOT_ONE,
    TWO,
    header,
    receipts,
    rpc_block,
    told_of,
)


def changed(position: int, **fields: object) -> dict[str, Any]:
    document = rpc_block()
    document["transactions"][position] |= fields
    return document


def test_a_block_says_who_it_is() -> None:
    answer = read_rpc_block(rpc_block())
    assert (answer.number, answer.hash, answer.coinbase) == (16, BLOCK_HASH, MINER)
    assert answer.kind is BlockSource.RPC_BLOCK


def test_a_header_has_no_transactions_and_says_what_it_knows() -> None:
    answer = read_rpc_block(header() | {"blockAccessListHash": TWO})
    assert (answer.kind, answer.transactions, answer.list_hash) == (None, None, TWO)


def test_of_each_transaction_this_much_is_certain() -> None:
    first, second = told_of(read_rpc_block(rpc_block()))
    assert (first.reads, first.writes) == (None, None)
    assert first.certain_reads == {StateKey(BOB, CODE): None}
    assert first.certain_writes == {StateKey(BOB, BALANCE): None}  # value was sent
    assert second.certain_reads == {CALLED: None}
    assert second.certain_writes == {}
    assert (second.facts.sender, second.facts.selector) == (CAROL, "0xd0e30db0")


def test_a_creation_writes_the_contract_that_will_be_there() -> None:
    creator, contract = (
        "0xba52c75764d6f594735dc735be7f1830cdf58ddf",
        "0x06012c8cf97bead5deae237070f9587f8e7a266d",
    )
    for value, parts in ("0x0", (NONCE, CODE)), ("0x1", (NONCE, CODE, BALANCE)):
        fields = {"from": creator, "to": None, "nonce": hex(3515), "value": value}
        told = told_of(read_rpc_block(changed(0, **fields)))[0]
        assert list(told.certain_writes) == [StateKey(contract, part) for part in parts]
        assert (told.facts.creates, told.facts.selector) == (True, None)


def test_an_access_list_is_a_hint() -> None:
    entries: list[Any] = [{"address": POOL, "storageKeys": [ONE]}]
    entries.append({"address": BOB, "storageKeys": []})
    told = told_of(read_rpc_block(changed(0, accessList=entries)))[0]
    assert list(told.hints) == [SLOT_ONE]


def test_accounts_that_change_their_code_are_noted() -> None:
    assert read_rpc_block(rpc_block()).caveats == ()
    assert "EIP-7702" in read_rpc_block(changed(1, type="0x4")).caveats[0].text


def test_hashes_alone_are_refused_with_the_parameter_that_asks_for_more() -> None:
    document = rpc_block()
    document["transactions"] = HASHES
    with pytest.raises(InputError, match=r"only their hashes.*true as its second parameter"):
        read_rpc_block(document)
    document["transactions"] = []
    assert read_rpc_block(document).transactions == []


def test_there_may_be_so_many_hints_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [{"address": POOL, "storageKeys": [ONE, TWO]}]
    monkeypatch.setattr(rpc_block_module, "HINTS_MAX", 2)
    read_rpc_block(changed(0, accessList=entries))
    monkeypatch.setattr(rpc_block_module, "HINTS_MAX", 1)
    with pytest.raises(InputError, match="access lists: 2 slots; at most 1"):
        read_rpc_block(changed(0, accessList=entries))


@pytest.mark.parametrize(
    ("module", "read", "document"),
    [
        (rpc_block_module, read_rpc_block, rpc_block()),
        (receipts_module, read_receipts, receipts()),
    ],
)
def test_there_may_be_so_many_transactions_and_no_more(
    module: object,
    read: Callable[[object], object],
    document: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TRANSACTIONS_MAX", 2)
    read(document)
    monkeypatch.setattr(module, "TRANSACTIONS_MAX", 1)
    with pytest.raises(InputError, match=": 2; at most 1 are read"):
        read(document)


BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"from": None}, r"transaction 1 \(0x.*\): from: expected an address"),
    ({"from": "0x12"}, "from: expected an address .*, found text"),
    ({"hash": "0x12"}, "transaction 1: hash: expected a hash"),
    ({"to": "0x"}, "to: expected an address"),
    ({"nonce": hex(2**64)}, r"nonce: .* below 2\^64"),
    ({"gas": None}, "gas: expected a quantity"),
    ({"value": "0x1" + 64 * "0"}, r"value: .* below 2\^256"),
    ({"input": "0x1"}, "input: expected 0x and an even number"),
    ({"transactionIndex": "0x0"}, "transactionIndex: expected 1, found 0"),
    ({"accessList": {}}, "accessList: expected a list"),
    ({"accessList": [{"storageKeys": []}]}, "accessList: address: expected an address"),
    ({"accessList": [{"address": POOL, "storageKeys": ["1"]}]}, "storageKeys: expected a q"),
]


@pytest.mark.parametrize(("fields", "said"), BAD_FIELDS)
def test_faults_name_transaction_and_field(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_rpc_block(changed(1, **fields))


def test_receipts_say_what_gas_was_used() -> None:
    answer = read_receipts(receipts())
    assert (answer.kind, answer.number, answer.hash) == (None, 16, BLOCK_HASH)
    facts = [told.facts for told in answer.transactions or ()]
    assert [(each.hash, each.gas_used) for each in facts] == [
        (HASHES[0], 21_000),
        (HASHES[1], 40_960),
    ]
    with_parties = [receipts()[0] | {"from": ALICE, "to": None}]
    facts = [told.facts for told in told_of(read_receipts(with_parties))]
    assert [(each.sender, each.creates) for each in facts] == [(ALICE, True)]


def test_a_receipt_without_gas_is_refused() -> None:
    document = receipts()
    del document[1]["gasUsed"]
    with pytest.raises(InputError, match=r"transaction 1 \(0x.*\): gasUsed: expected a quantity"):
        read_receipts(document)
