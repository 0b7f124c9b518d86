"""Several answers about one block: what counts first, what stays unknown, what contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.keys import BALANCE, NONCE, StateKey, StateValue
from sealane.ingest.ethereum.model import BlockSource, EthereumBlock
from sealane.ingest.ethereum.node_answers.documents import read_answers
from sealane.ingest.ethereum.node_answers.joined import join

from .samples import (
    ALICE,
    BOB,
    CALLED,
    CAROL,
    HASHES,
    MINER,
    ONE,
    PAYMENTS,
    POOL,
    SLOT_ONE,
    SLOT_TWO,
    TWO,
    WRITES,
    diff_frames,
    header,
    plain_frames,
    receipts,
    rpc_block,
    trace_file,
)


def joined(**documents: object) -> EthereumBlock:
    """The block of documents, each with its name."""
    return join(
        [each for name, document in documents.items() for each in read_answers(document, name)]
    )


def written(block: EthereumBlock) -> list[Mapping[StateKey, StateValue | None]]:
    return [step.writes for step in block.steps]


def test_a_trace_alone_knows_all_of_storage() -> None:
    block = joined(trace=trace_file())
    assert (block.source, block.reads_known, block.writes_known) == (BlockSource.TRACE, True, True)
    assert written(block) == WRITES
    assert [step.adds for step in block.steps] == PAYMENTS
    assert (block.coinbase, block.coinbase_is_inferred) == (MINER, False)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_both_modes_of_the_tracer_know_all_in_any_order(order: tuple[int, ...]) -> None:
    documents = [("block", rpc_block()), ("plain", plain_frames()), ("diff", diff_frames())]
    documents.append(("receipts", receipts()))
    block = joined(**dict(documents[place] for place in order))
    assert (block.reads_known, block.writes_known, block.hints) == (True, True, [(), ()])
    assert written(block) == WRITES
    assert [step.adds for step in block.steps] == PAYMENTS
    assert block.steps[1].reads[SLOT_TWO] == 7
    assert block.steps[1].reads[CALLED] == bytes.fromhex("600160005500")
    facts = [(each.hash, each.sender, each.gas_used) for each in block.facts]
    assert facts == [(HASHES[0], ALICE, 21_000), (HASHES[1], CAROL, 40_960)]
    assert block.notes == ("reads are those of plain", "writes are those of diff")


def test_each_mode_alone_says_what_it_does_not_know() -> None:
    plain = joined(plain=plain_frames(), header=header())
    assert (plain.reads_known, plain.writes_known) == (True, False)
    assert "what each transaction wrote is not known" in "; ".join(plain.notes)
    diff = joined(diff=diff_frames(), header=header())
    assert (diff.reads_known, diff.writes_known) == (False, True)
    assert "what each transaction read is not known" in "; ".join(diff.notes)


def test_a_block_alone_writes_what_is_certain_and_what_is_hinted() -> None:
    document = rpc_block()
    entries = [{"address": POOL, "storageKeys": [ONE]}]
    document["transactions"][0]["accessList"] = entries
    block = joined(block=document)
    payment = dict.fromkeys([StateKey(ALICE, NONCE), StateKey(ALICE, BALANCE)])
    assert block.steps[0].writes == {StateKey(BOB, BALANCE): None, **payment}
    assert block.steps[0].adds == {StateKey(MINER, BALANCE): None}
    assert block.steps[1].reads == {CALLED: None}
    assert list(block.hints) == [(SLOT_ONE,), ()]
    assert "do not tell reads from writes" in block.notes[1]


def test_where_writes_are_known_a_hint_is_a_read() -> None:
    document = rpc_block()
    entries = [{"address": POOL, "storageKeys": [ONE, TWO]}]
    document["transactions"][1]["accessList"] = entries
    block = joined(block=document, diff=diff_frames())
    assert block.steps[1].reads[SLOT_ONE] is None
    assert block.steps[1].reads[SLOT_TWO] == 7  # written, so the hint says nothing new
    assert list(block.hints) == [(), ()]


def test_a_trace_and_a_tracer_complement_each_other() -> None:
    block = joined(plain=plain_frames(), trace=trace_file())
    assert block.steps[1].reads[SLOT_ONE] == 1
    assert written(block) == WRITES


def test_a_caveat_goes_where_another_document_says_what_was_missing() -> None:
    looked_at = "a trace does not record which balances and nonces a transaction only looked at"
    for beside in {"header": header()}, {"diff": diff_frames()}, {"block": rpc_block()}:
        assert looked_at in joined(trace=trace_file(), **beside).notes
    notes = joined(trace=trace_file(), plain=plain_frames()).notes
    assert notes == ("reads are those of trace and plain", "writes are those of trace")


def test_a_coinbase_that_is_called_or_sends_is_written() -> None:
    balance = StateKey(MINER, BALANCE)
    for party in "from", "to":
        document = rpc_block()
        document["transactions"][1][party] = MINER
        block = joined(block=document)
        assert balance in block.steps[0].adds
        assert balance in block.steps[1].writes


def test_a_state_tells_what_was_there_before() -> None:
    state = {ALICE: {"balance": "0x64", "nonce": 3}, MINER: {"balance": "0x1", "code": "0x"}}
    block = joined(state=state, trace=trace_file())
    assert block.pre is not None
    assert block.pre.get(StateKey(ALICE, BALANCE)) == 100
    assert len(block) == 2


def test_one_transaction_is_read_from_two_answers_about_it() -> None:
    plain, diff = plain_frames()[1]["result"], diff_frames()[1]["result"]
    block = joined(plain=plain, diff=diff)
    assert (len(block), block.reads_known, block.writes_known) == (1, True, True)
    assert block.coinbase is None
    assert "the coinbase is not known" in block.notes[-1]


def test_transactions_are_told_apart_by_their_hashes() -> None:
    block = joined(block=rpc_block(), diff=diff_frames()[::-1], plain=plain_frames())
    assert written(block) == WRITES


BOB_TRACED = ("txs", 0, "traces", BOB, "balance")
BOB_FOUND = (0, "result", BOB, "balance")


def _with(document: Any, *path: str | int, value: object) -> Any:
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        (
            {"a": rpc_block(), "b": trace_file() | {"block": {"block_number": "0x11"}}},
            "b and a are of different blocks: number 17 in the one, 16 in the other",
        ),
        (
            {"a": rpc_block(), "b": header() | {"hash": "0x" + 64 * "1"}},
            "a and b are of different blocks: hash 0xbbb",
        ),
        ({"a": rpc_block(), "b": header() | {"miner": BOB}}, "different blocks: coinbase"),
        ({"a": rpc_block(), "b": receipts()[:1]}, "a has 2 transactions, b 1: they are of diff"),
        (
            {"a": rpc_block(), "b": _with(receipts(), 1, "transactionHash", value=TWO)},
            rf"b: transaction 1 \({TWO}\) is not among the transactions of a",
        ),
        (
            {"a": rpc_block(), "b": [receipts()[0], receipts()[0]]},
            "b: transaction 1 .*: there twice",
        ),
        (
            {"a": rpc_block(), "b": _with(receipts(), 1, "from", value=BOB)},
            rf"transaction 1 .*: sender is {CAROL} in a and {BOB} in b; leave one of the two out",
        ),
        (
            {
                "a": diff_frames(),
                "b": _with(trace_file(), "txs", 0, "traces", BOB, "balance", value="0x7"),
            },
            f"transaction 0 .*: {BOB}:balance is 7 in b and 6 in a",
        ),
        (
            {
                "a": diff_frames(),
                "b": _with(plain_frames(), 0, "result", BOB, "balance", value="0x9"),
            },
            f"transaction 0 .*: {BOB}:balance is 9 in b and 1 in a",
        ),
        (
            {"a": rpc_block(), "b": {BOB: {"nonce": 1}}, "c": {BOB: {"nonce": 2}}},
            f"before the block: {BOB}:nonce is 1 in b and 2 in c",
        ),
        (
            {"a": rpc_block(), "b": [{"result": each["result"]} for each in plain_frames()[::-1]]},
            f"transaction 0 .*: {ALICE} sent it, and b says nothing of that account",
        ),
        (
            {"a": header()},
            r"nothing here says what .*: there is only a \(a block's header\); add the block",
        ),
        ({"a": header(), "b": receipts()}, r"b \(receipts\); add the block"),
        ({"a": rpc_block(), "b": diff_frames()[0]["result"]}, "a has 2 transactions, b 1"),
    ],
)
def test_what_contradicts_is_an_error_that_names_both(
    documents: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        joined(**documents)
