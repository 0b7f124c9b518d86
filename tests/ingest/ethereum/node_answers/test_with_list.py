"""A block access list beside what nodes answer: each says what the other cannot."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.access_list.document import list_and_header
from sealane.ingest.ethereum.keys import BALANCE, StateKey
from sealane.ingest.ethereum.model import BlockSource, EthereumBlock
from sealane.ingest.ethereum.node_answers.alignment import Named
from sealane.ingest.ethereum.node_answers.documents import read_answers
from sealane.ingest.ethereum.node_answers.with_list import (
    NamedList,
    answer_of_header,
    block_of,
)

from .samples import (
    BLOCK_HASH,
    BOB,
    HASHES,
    MINER,
    ONE,
    PAYMENTS,
    POOL,
    SLOT_ONE,
    SLOT_TWO,
    TWO,
    WRITES,
    header,
    listed,
    plain_frames,
    receipts,
    rpc_block,
    trace_file,
)


def joined(found: object = None, **documents: object) -> EthereumBlock:
    """The block of the list and other documents."""
    list_, beside = list_and_header(listed() if found is None else found)
    answers = [
        each for name, document in documents.items() for each in read_answers(document, name)
    ]
    answers.append(Named("list", answer_of_header(beside)))
    return block_of(answers, [NamedList("list", list_)])


def with_system_changes() -> list[dict[str, Any]]:
    """The list, with a slot written before the first transaction, and a payment after the last."""
    document = listed()
    document[3]["storageChanges"][0]["changes"].insert(0, {"index": "0x0", "value": "0x7"})
    document[1]["balanceChanges"].append({"index": "0x3", "value": "0x9"})
    return document


def test_a_list_says_what_was_written_and_what_the_system_did() -> None:
    block = joined(with_system_changes(), block=rpc_block())
    assert (block.source, block.writes_known) == (BlockSource.ACCESS_LIST, True)
    assert [step.writes for step in block.steps] == WRITES
    assert [step.adds for step in block.steps] == PAYMENTS
    assert block.before.writes == {SLOT_TWO: 7}
    assert block.after.writes == {StateKey(BOB, BALANCE): 9}
    assert [facts.hash for facts in block.facts] == HASHES


def test_what_a_list_reads_is_of_the_block_until_somebody_says_by_whom() -> None:
    assert list(joined(block=rpc_block()).unindexed_reads) == [SLOT_ONE]
    known = joined(block=rpc_block(), plain=plain_frames())
    assert (known.reads_known, list(known.unindexed_reads)) == (True, [])
    assert known.steps[1].reads[SLOT_ONE] == 1


def test_a_hint_at_what_the_list_lacks_is_no_read() -> None:
    document = rpc_block()
    entries = [{"address": POOL, "storageKeys": [ONE, TWO, f"0x{9:064x}"]}]
    document["transactions"][0]["accessList"] = entries
    reads = joined(block=document).steps[0].reads
    assert {key for key in reads if key.is_slot} == {SLOT_ONE, SLOT_TWO}


def test_the_header_says_who_the_coinbase_is_and_the_hash_of_the_list() -> None:
    block = joined(header=header() | {"blockAccessListHash": TWO})
    assert (block.coinbase, block.coinbase_is_inferred) == (MINER, False)
    assert (block.number, block.hash) == (16, BLOCK_HASH)
    assert block.list_hash is not None
    assert (block.list_hash.header, block.list_hash.computed[:2]) == (TWO, "0x")


def test_a_list_says_what_withdrawals_came_to_and_a_trace_does_not() -> None:
    document = trace_file() | {"withdrawals": [[BOB, "0x3"]]}
    answers = read_answers(document, "trace")
    assert any("withdrawal" in note for note in block_of(answers, []).notes)
    assert not any("withdrawal" in note for note in joined(trace=document).notes)


def test_a_list_within_a_payload_brings_its_own_header() -> None:
    payload = {"blockAccessList": listed(), "blockNumber": "0x10", "feeRecipient": MINER}
    block = joined(payload, receipts=receipts())
    assert (block.number, block.coinbase) == (16, MINER)
    assert [facts.gas_used for facts in block.facts] == [21_000, 40_960]


def test_a_list_of_more_transactions_than_the_block_has_is_refused() -> None:
    document = rpc_block()
    del document["transactions"][1]
    with pytest.raises(InputError, match=r"^list: "):
        joined(with_system_changes(), block=document)
