"""Traces: each field of an account's trace, who sent a transaction, and files that are damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.node_answers import trace_file
from sealane.ingest.ethereum.node_answers.answer import Told
from sealane.ingest.ethereum.node_answers.trace_file import is_trace_file, read_trace_file
from sealane.primitives.keccak import keccak_hex

from .samples import (
    ALICE,
    BOB,
    CALLED,
    CAROL,
    HASHES,
    MINER,
    POOL,
    SLOT_ONE,
    SLOT_TWO,
    TWO,
    told_of,
)
from .samples import (
    trace_file as sample,
)


def traced(document: object) -> list[Told]:
    return told_of(read_trace_file(document))


def altered(account: str, trace: dict[str, Any], position: int = 1) -> list[Told]:
    """The sample, with another trace of one account."""
    document = sample()
    document["txs"][position]["traces"][account] = trace
    return traced(document)


def test_a_trace_holds_all_reads_and_writes() -> None:
    answer = read_trace_file(sample())
    assert (answer.number, answer.coinbase) == (16, MINER)
    first, second = told_of(answer)
    assert first.writes == {
        StateKey(ALICE, BALANCE): 0x4A,
        StateKey(ALICE, NONCE): 4,
        StateKey(BOB, BALANCE): 6,
        StateKey(MINER, BALANCE): 0x16,
    }
    assert first.reads == {StateKey(BOB, CODE): None}  # whoever is called may have code
    assert second.reads == {CALLED: None, SLOT_ONE: None}
    assert (second.writes or {})[SLOT_TWO] == 8


def for_provers() -> list[dict[str, Any]]:
    """The sample in the form that zk_evm's provers take."""
    document = sample()
    transactions = [
        {"traces": each["traces"], "meta": {"byte_code": each["raw"], "gas_used": each["gas_used"]}}
        for each in document["txs"]
    ]
    data = {"b_meta": document["block"], "withdrawals": document["withdrawals"]}
    return [{"block_trace": {"txn_info": transactions}, "other_data": {"b_data": data}}]


def test_the_form_for_provers_says_the_same() -> None:
    for document in for_provers(), for_provers()[0]:
        assert is_trace_file(document)
        assert read_trace_file(document) == read_trace_file(sample())
    with pytest.raises(InputError, match="2 blocks in one file"):
        read_trace_file(for_provers() * 2)
    document = for_provers()
    document[0]["block_trace"]["txn_info"][1]["meta"]["byte_code"] = "0x"
    with pytest.raises(InputError, match="transaction 1: byte_code: expected a signed"):
        read_trace_file(document)


def test_facts_are_those_of_the_raw_transaction_and_the_sender_that_it_proves() -> None:
    first, second = (told.facts for told in traced(sample()))
    assert (first.hash, first.sender, first.to, first.gas_used) == (HASHES[0], ALICE, BOB, 21_000)
    assert (second.sender, second.selector, second.nonce) == (CAROL, "0xd0e30db0", 9)


def test_an_account_that_was_only_looked_at_is_read_whole() -> None:
    reads = altered(BOB, {})[1].reads or {}
    assert {StateKey(BOB, part) for part in (BALANCE, NONCE, CODE)} <= reads.keys()


def test_a_deployed_code_is_written_and_found_by_those_that_run_it() -> None:
    document = sample()
    document["txs"][0]["traces"][POOL] = {"nonce": "0x1", "code_usage": {"write": "0x6001"}}
    usage = {"read": keccak_hex(b"\x60\x01")}
    document["txs"][1]["traces"][POOL]["code_usage"] = usage
    first, second = traced(document)
    assert (first.writes or {})[CALLED] == b"\x60\x01"
    assert (second.reads or {})[CALLED] == b"\x60\x01"


def test_a_destroyed_account_becomes_zero_with_the_slots_that_are_known() -> None:
    trace = {"storage_read": [TWO], "storage_written": {TWO: "0x8"}, "self_destructed": True}
    writes = altered(POOL, trace)[1].writes or {}
    assert {key.part: value for key, value in writes.items() if key.address == POOL} == {
        BALANCE: 0,
        NONCE: 0,
        CODE: b"",
        "0x2": 0,
    }


@pytest.mark.parametrize(
    "other",
    [{"balance": "0x1", "nonce": "0xa"}, {"balance": "0x1", "nonce": "0xa", "storage_read": []}],
)
def test_a_sender_that_is_not_certain_is_not_named(other: dict[str, Any]) -> None:
    assert altered(BOB, other)[1].facts.sender is None


@pytest.mark.parametrize(
    "contract",
    [
        {"nonce": "0xa"},  # its nonce was raised by a creation; it paid for nothing
        {"nonce": "0xa", "balance": "0x1", "code_usage": {"write": "0x00"}},
    ],
)
def test_a_contract_with_that_nonce_is_not_taken_for_the_sender(contract: dict[str, Any]) -> None:
    assert altered(BOB, contract)[1].facts.sender == CAROL


def test_a_note_says_what_a_trace_does_not_record() -> None:
    document = sample()
    assert len(read_trace_file(document).caveats) == 1
    document["withdrawals"] = [[BOB, "0x5"]]
    assert "1 withdrawal" in read_trace_file(document).caveats[1].text


def test_there_may_be_so_many_transactions_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_file, "TRANSACTIONS_MAX", 2)
    assert len(traced(sample())) == 2
    monkeypatch.setattr(trace_file, "TRANSACTIONS_MAX", 1)
    with pytest.raises(InputError, match="txs: 2; at most 1"):
        traced(sample())


def _set(*path: str | int, value: object) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


POOL_PATH = ("txs", 1, "traces", POOL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("txs", value={}), "txs: expected a list"),
        (_set("txs", 0, value=[]), "transaction 0: expected an object"),
        (_set("txs", 0, "index", value=1), "transaction 0: index: expected 0, found 1"),
        (_set("txs", 0, "raw", value=None), "transaction 0: raw: expected 0x"),
        (_set("txs", 0, "raw", value="0x123"), "transaction 0: raw: expected 0x and an even"),
        (_set("txs", 0, "raw", value="0xc3c0"), "transaction 0: raw: not RLP: cut short"),
        (_set("txs", 0, "gas_used", value=-1), r"transaction 0 \(0x.*\): gas_used: .* 2\^64"),
        (_set("txs", 0, "gas_used", value=2**64), r"gas_used: .* 2\^64"),
        (_set("txs", 0, "traces", value=None), "traces: expected an object, found nothing"),
        (_set("txs", 1, "traces", "0xab", value={}), "traces: expected an address"),
        (_set("txs", 1, "traces", POOL, value=[]), f"transaction 1 .*: {POOL}: expected an obj"),
        (_set(*POOL_PATH, "balance", value="0x1" + 64 * "0"), f"{POOL}: balance: expected"),
        (_set(*POOL_PATH, "balance", value="5"), "balance: expected a quantity"),
        (_set(*POOL_PATH, "nonce", value=2**64), r"nonce: .* below 2\^64"),
        (_set(*POOL_PATH, "storage_read", value={}), "storage_read: expected a list"),
        (_set(*POOL_PATH, "storage_read", value=["0xzz"]), "storage_read: expected a quantity"),
        (_set(*POOL_PATH, "storage_written", value=[]), "storage_written: expected an object"),
        (_set(*POOL_PATH, "storage_written", value={"0x1": None}), "storage_written: 0x1: exp"),
        (_set(*POOL_PATH, "code_usage", value={}), "code_usage: expected either read or write"),
        (_set(*POOL_PATH, "code_usage", value={"read": "0x00"}), "read: expected a hash"),
        (_set(*POOL_PATH, "code_usage", value={"write": "0x0"}), "write: expected 0x and an even"),
        (_set(*POOL_PATH, "self_destructed", value=1), "self_destructed: expected true or false"),
        (_set("block", "block_beneficiary", value="0x1"), "block_beneficiary: expected an address"),
    ],
)
def test_faults_name_transaction_and_field(change: Callable[[Any], None], said: str) -> None:
    document = sample()
    change(document)
    with pytest.raises(InputError, match=said):
        read_trace_file(document)
