"""Every answer there is, recognised by its content; damaged ones are refused in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.ingest.ethereum.model import BlockSource, EthereumBlock
from sealane.ingest.ethereum.node_answers import documents
from sealane.ingest.ethereum.node_answers.documents import is_answer, read_answers
from sealane.ingest.ethereum.node_answers.joined import join

from ....real_data import shared_files
from .samples import (
    ALICE,
    HASHES,
    ONE,
    diff_frames,
    header,
    plain_frames,
    receipts,
    rpc_block,
    trace_file,
)

SAMPLES = {
    "trace": trace_file(),
    "block": rpc_block(),
    "header": header(),
    "receipts": receipts(),
    "plain": plain_frames(),
    "diff": diff_frames(),
    "one": plain_frames()[0]["result"],
    "one-diff": diff_frames()[0]["result"],
    "bundle": {"block": rpc_block(), "pre": plain_frames(), "receipts": receipts()},
    "test": {
        "genesis": {},
        "context": {"number": "16", "miner": "0x" + 40 * "c"},
        "input": trace_file()["txs"][0]["raw"],
        "result": plain_frames()[0]["result"],
    },
}


def real_blocks(folder: str, ending: str = ".json") -> Iterator[tuple[str, EthereumBlock]]:
    for path in shared_files(folder):
        if path.name.endswith(ending):
            document: Any = json.loads(path.read_bytes())
            assert is_answer(document), path.name
            yield path.name, join(read_answers(document, path.name))


def test_all_traces_are_read_whole() -> None:
    for name, block in real_blocks("ethereum/traces"):
        assert block.source is BlockSource.TRACE, name
        assert (block.reads_known, block.writes_known) == (True, True), name
        assert all(facts.sender and facts.hash and facts.gas_used for facts in block.facts), name


def test_all_blocks_are_read_as_far_as_they_tell() -> None:
    for name, block in real_blocks("ethereum/blocks", "_block.json"):
        assert (block.source, block.writes_known) == (BlockSource.RPC_BLOCK, False), name
        assert all(facts.sender for facts in block.facts), name
        assert "lower bound" in block.notes[0], name


def test_all_states_are_read_beside_their_blocks() -> None:
    blocks = {path.name: path for path in shared_files("ethereum/blocks")}
    states = [name for name in blocks if name.endswith("_pre_state.json")]
    for name in states:
        other = name.replace("_pre_state", "_block")
        parts = [(each, json.loads(blocks[each].read_bytes())) for each in (name, other)]
        block = join([each for part, document in parts for each in read_answers(document, part)])
        assert block.pre is not None, name
        assert block.pre.values, name
        assert block.source is BlockSource.RPC_BLOCK, name
    assert states


def test_all_tests_of_the_tracer_are_read() -> None:
    for name, block in real_blocks("ethereum/prestate"):
        assert (block.source, len(block)) == (BlockSource.PRESTATE, 1), name
        assert block.facts[0].hash, name
        # Of accounts that all have the transaction's nonce, diffMode tells who raised it.
        assert block.facts[0].sender or not block.writes_known, name
        assert not (block.reads_known and block.writes_known), name


def test_the_block_of_anvil_is_known_whole() -> None:
    [(_, block)] = real_blocks("ethereum", "anvil_block.json")
    assert (block.reads_known, block.writes_known) == (True, True)
    assert len({facts.sender for facts in block.facts} - {None}) == 4
    assert [facts.gas_used for facts in block.facts] == [21_000, 21_000, 45_410, 26_010]
    assert all(len(step.adds) == 1 for step in block.steps)
    # Each caller finds the counter as the one before left it.
    counts = [step.reads[key] for step in block.steps for key in step.writes if key.is_slot]
    assert counts == [0, 1]


def test_answers_of_a_batch_and_of_lines_are_joined() -> None:
    """A batch, and a file with an answer a line, are both read as lists."""
    answers = [rpc_block(), diff_frames(), plain_frames(), receipts()]
    batch = [{"jsonrpc": "2.0", "id": n, "result": each} for n, each in enumerate(answers)]
    for document in batch, batch[:1], [rpc_block(), trace_file()]:
        assert is_answer(document)
        assert len(read_answers(document, "a")) == len(document)
    block = join(read_answers(batch, "a"))
    assert block.notes == ("reads are those of a: answer 3", "writes are those of a: answer 2")
    bad = [*batch[:3], {"jsonrpc": "2.0", "result": [{"transactionHash": "0x1", "gasUsed": "0x1"}]}]
    with pytest.raises(InputError, match=r"^answer 4: transaction 0: transactionHash: expected"):
        read_answers(bad, "a")


def test_there_may_be_so_many_answers_in_a_document_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = [header(), rpc_block(), receipts()]
    monkeypatch.setattr(documents, "PARTS_MAX", 3)
    assert is_answer(document)
    monkeypatch.setattr(documents, "PARTS_MAX", 2)
    assert not is_answer(document)


def test_a_state_is_told_from_what_a_tracer_shows() -> None:
    account: dict[str, Any] = {"balance": "0x1", "nonce": 0}
    shown: list[dict[str, Any]] = [{}, {"storage": {ONE: ONE}}, {"codeHash": ONE}]
    for more in shown:
        assert len(join(read_answers({ALICE: account | more}, "a"))) == 1
    put_together: list[dict[str, Any]] = [{"storage": {}}, {"code_hash": ONE}]
    for more in put_together:
        kept = account | more
        [(_, answer)] = read_answers({ALICE: kept}, "a")
        assert answer.transactions is None
        with pytest.raises(InputError, match=r"only a \(a state\); add the block"):
            join(read_answers({ALICE: kept}, "a"))


@pytest.mark.parametrize("name", SAMPLES)
def test_an_answer_is_read_alike_with_its_envelope(name: str) -> None:
    document = SAMPLES[name]
    enveloped = {"jsonrpc": "2.0", "id": 1, "result": document}
    assert is_answer(document)
    if name != "bundle":
        assert is_answer(enveloped)
        assert read_answers(enveloped, "a") == read_answers(document, "a")


@pytest.mark.parametrize(
    "document",
    [None, 5, "0x", [], {}, [{}], {"result": None}, {"blockhash": "a"}, {"transactions": []},
     {"block": {}}, {"sealane": 1}, {"a": {"b": 1}}, [[]], HASHES, [rpc_block(), {}]],
)  # fmt: skip
def test_what_is_no_answer_is_not_recognised(document: object) -> None:
    assert not is_answer(document)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"jsonrpc": "2.0", "id": 1, "result": None}, "the node has no such block"),
        (
            {"jsonrpc": "2.0", "error": {"code": -32000, "message": "missing trie node"}},
            "the node answered with error -32000: missing trie node",
        ),
        ({"jsonrpc": "2.0", "error": "busy"}, "an error: busy"),
        ({"jsonrpc": "2.0", "method": "eth_getBlockByNumber", "params": []}, "a request, not"),
        ({"jsonrpc": "2.0", "result": []}, "not what a node answers about a block"),
        ({"block": rpc_block(), "receipts": [{"transactionHash": 1, "gasUsed": 2}]}, "^receipts: "),
    ],
)
def test_what_is_no_block_says_why(document: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_answers(document, "a")


def _places(container: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a document with each of its keys."""
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(container, dict):
        inner = cast("dict[str, Any]", container).items()
    elif isinstance(container, list):
        inner = enumerate(cast("list[Any]", container))
    for key, value in inner:
        yield container, key
        yield from _places(value)


NUMBERS = ["-1", str(2**64), str(2**256), "1.5", 100 * "1"]
TEXTS = ['""', '"0x"', '"0x1"', '"0xzz"']
WRONG = [*NUMBERS, *TEXTS, "null", "true", "[]", "{}", "[5]", '{"a": 1}']


@settings(max_examples=300)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_altered_answers_are_read_or_refused(name: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(SAMPLES[name]))
    for _ in range(data.draw(st.integers(1, 2))):
        places = list(_places(document))
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()):
            container[key] = json.loads(data.draw(st.sampled_from(WRONG)))
        else:
            del container[key]
    with suppress(InputError):  # anything else is a bug
        join(read_answers(document, "a"))
