"""Replays of what nodes answered: every trace there is, and answers that contradict each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.model import EthereumBlock
from sealane.ingest.ethereum.node_answers.documents import read_answers
from sealane.ingest.ethereum.node_answers.joined import join
from sealane.testing.checked_runs.ethereum_check import check_state_replay, state_runtime
from sealane.testing.checked_runs.ethereum_replay import state_replay_of
from sealane.testing.checked_runs.replay import ReplayCheck

from ...ingest.ethereum.node_answers.samples import (
    HASHES,
    POOL,
    TWO,
    plain_frames,
    rpc_block,
    trace_file,
)
from ...real_data import SHARED, shared_files

WORKERS = (0, 1, 2, 4)


def joined(**documents: object) -> EthereumBlock:
    named = documents.items()
    return join([each for name, document in named for each in read_answers(document, name)])


def replayed(block: EthereumBlock, workers: int) -> tuple[str, ReplayCheck]:
    """The state root, and what the check found."""
    replay = state_replay_of(block)
    with state_runtime(replay, workers) as runtime:
        result = runtime.execute(replay.transactions)
        return result.state_root, check_state_replay(block, replay, result, runtime)


def real_answers() -> list[tuple[str, Any]]:
    """All that says what transactions wrote."""
    files = shared_files("ethereum/traces")
    files += [path for path in shared_files("ethereum/prestate") if "diff_mode" in path.name]
    files.append(SHARED / "ethereum" / "anvil_block.json")
    return [(path.name, json.loads(path.read_bytes())) for path in files]


def test_every_answer_replays_with_one_root_for_all_numbers_of_workers() -> None:
    checked = 0
    for name, document in real_answers():
        block = join(read_answers(document, name))
        if not block.writes_known:  # the tracer was asked to leave something out
            continue
        outcomes = [replayed(block, workers) for workers in WORKERS]
        assert [check.mismatches for _, check in outcomes] == [[]] * len(WORKERS), name
        assert len({root for root, _ in outcomes}) == 1, name
        assert all(check.checked for _, check in outcomes), name
        checked += 1
    assert checked > len(shared_files("ethereum/traces"))


def writing_twice(first: str, found: str) -> EthereumBlock:
    """Both transactions write slot 2 of the pool; the second finds `found`, after `first`."""
    traces, frames = trace_file(), plain_frames()
    traces["txs"][0]["traces"][POOL] = {"storage_written": {TWO: first}}
    frames[1]["result"][POOL]["storage"][TWO] = found
    return joined(traces=traces, plain=frames)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_value_is_found_as_an_earlier_transaction_left_it(workers: int) -> None:
    _, right = replayed(writing_twice("0x7", "0x7"), workers)
    assert right.mismatches == []
    _, wrong = replayed(writing_twice("0x5", "0x7"), workers)
    assert [(each.transaction, each.account) for each in wrong.mismatches][:1] == [
        (HASHES[1], f"{POOL}:0x2")
    ]
    assert right.checked == wrong.checked


def test_what_was_there_before_the_block_is_checked_if_a_state_says_it() -> None:
    state = {POOL: {"storage": {TWO: "0x7"}}}
    alone = joined(plain=plain_frames(), traces=trace_file())
    beside = joined(plain=plain_frames(), traces=trace_file(), state=state)
    assert replayed(beside, 0)[1].checked == replayed(alone, 0)[1].checked + 1
    state[POOL]["storage"][TWO] = "0x6"
    wrong = replayed(joined(plain=plain_frames(), traces=trace_file(), state=state), 0)[1]
    assert wrong.mismatches[0].transaction == HASHES[1]


def test_a_block_that_does_not_say_what_was_written_is_refused() -> None:
    with pytest.raises(InputError, match=r"nothing says what its transactions wrote.*--with"):
        state_replay_of(joined(block=rpc_block()))
