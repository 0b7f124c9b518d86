"""prestateTracer: both modes, what each leaves out, and the forms of its answers."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.errors import InputError
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey, StateValue
from sealane.ingest.ethereum.node_answers import prestate as prestate_module
from sealane.ingest.ethereum.node_answers.answer import Told
from sealane.ingest.ethereum.node_answers.prestate import DIFF, PLAIN, read_frames, read_single
from sealane.ingest.ethereum.node_answers.prestate_frame import read_frame

from .samples import (
    ALICE,
    BOB,
    CALLED,
    HASHES,
    MINER,
    ONE,
    PAYMENTS,
    POOL,
    POOL_CODE,
    SLOT_ONE,
    SLOT_TWO,
    TWO,
    WRITES,
    diff_frames,
    plain_frames,
    told_of,
)


def diff(pre: dict[str, Any], post: dict[str, Any]) -> Told:
    return read_frame({"pre": pre, "post": post}, "frame")


def changes(told: Told) -> dict[str, tuple[StateValue | None, StateValue | None]]:
    """What was found and what was left, by key."""
    writes = told.writes or {}
    assert writes.keys() == told.certain_reads.keys()
    return {key.name: (told.certain_reads[key], value) for key, value in writes.items()}


def test_the_plain_mode_says_what_was_read_and_found() -> None:
    answer = read_frames(plain_frames())
    first, second = told_of(answer)
    assert (answer.source, first.writes, first.facts.hash) == (PLAIN, None, HASHES[0])
    assert (first.reads or {})[StateKey(BOB, NONCE)] == 0  # zeros are left out
    assert (first.reads or {})[StateKey(BOB, CODE)] == b""
    expected = {CALLED: bytes.fromhex(POOL_CODE[2:]), SLOT_ONE: 1, SLOT_TWO: 7}
    assert expected.items() <= (second.reads or {}).items()


def test_a_code_that_is_left_out_is_not_taken_for_none() -> None:
    account = {"balance": "0x0", "nonce": 1, "codeHash": "0x" + 64 * "e"}
    assert (read_frame({POOL: account}, "frame").reads or {})[CALLED] is None


def test_diff_mode_says_what_was_written_and_found_there() -> None:
    answer = read_frames(diff_frames())
    assert answer.source == DIFF
    for told, writes, payment in zip(told_of(answer), WRITES, PAYMENTS, strict=True):
        assert told.reads is None
        assert told.writes == {**writes, **payment}
    second = told_of(answer)[1]
    assert second.certain_reads[SLOT_TWO] == 7


def test_a_slot_in_pre_alone_became_zero_and_one_in_post_alone_was_zero() -> None:
    pre = {POOL: {"balance": "0x1", "nonce": 1, "storage": {ONE: "0x5"}}}
    told = diff(pre, {POOL: {"storage": {TWO: "0x6"}}})
    assert changes(told) == {SLOT_TWO.name: (0, 6), SLOT_ONE.name: (5, 0)}


def test_an_account_in_pre_alone_was_destroyed() -> None:
    account = {"balance": "0x5", "code": POOL_CODE, "storage": {ONE: "0x5"}}
    assert changes(diff({POOL: account}, {})) == {
        f"{POOL}:balance": (5, 0),
        f"{POOL}:code": (bytes.fromhex(POOL_CODE[2:]), b""),
        f"{POOL}:0x1": (5, 0),
    }


def test_an_account_in_post_alone_is_new() -> None:
    account = {"balance": "0x5", "nonce": 1, "code": "0x6001", "storage": {ONE: "0x2"}}
    assert changes(diff({}, {POOL: account})) == {
        f"{POOL}:balance": (0, 5),
        f"{POOL}:nonce": (0, 1),
        f"{POOL}:code": (b"", b"\x60\x01"),
        f"{POOL}:0x1": (0, 2),
    }


def test_what_did_not_change_is_not_written() -> None:
    told = diff(
        {BOB: {"balance": "0x5", "nonce": 2, "storage": {ONE: "0x1"}}},
        {BOB: {"balance": "0x5", "nonce": 3, "storage": {ONE: "0x1"}}},
    )
    assert changes(told) == {f"{BOB}:nonce": (2, 3)}


def test_a_code_that_changed_and_is_not_shown_is_written() -> None:
    old, new = {"codeHash": "0x" + 64 * "e"}, {"codeHash": "0x" + 64 * "f"}
    told = diff({POOL: {"balance": "0x0", **old}}, {POOL: new})
    assert changes(told) == {f"{POOL}:code": (None, None)}


def test_answers_for_single_transactions_are_read_as_they_are_and_in_a_batch() -> None:
    frames = [each["result"] for each in diff_frames()]
    batch = [{"jsonrpc": "2.0", "id": n, "result": each} for n, each in enumerate(frames)]
    told = told_of(read_frames(batch))
    assert [each.facts.hash for each in told] == [None, None]
    assert read_single(frames[0]).transactions == [told[0]]
    assert read_single(frames[0]).pre is None


def test_accounts_alone_may_be_the_state_before_a_block() -> None:
    state = read_single({ALICE: {"balance": "0x5", "storage": {ONE: "0x0"}}}).pre
    assert state is not None
    assert state.values == {StateKey(ALICE, BALANCE): 5, StateKey.slot(ALICE, 1): 0}
    assert state.get(StateKey(ALICE, NONCE)) is None  # not given, so not known


def test_a_document_has_one_mode() -> None:
    with pytest.raises(InputError, match=r"transaction 1 \(0x.*\): of another mode"):
        read_frames([diff_frames()[0], plain_frames()[1]])


def test_there_may_be_so_many_traces_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prestate_module, "TRANSACTIONS_MAX", 2)
    read_frames(diff_frames())
    monkeypatch.setattr(prestate_module, "TRANSACTIONS_MAX", 1)
    with pytest.raises(InputError, match="2 traces; at most 1"):
        read_frames(diff_frames())


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (5, "transaction 1: expected an object"),
        ({"txHash": "0x1", "result": {}}, "transaction 1: txHash: expected a hash"),
        ({"txHash": HASHES[1], "error": "execution timeout"}, "tracer failed: execution timeout"),
        ({"txHash": HASHES[1]}, r"transaction 1 \(0x.*\): expected an object, found nothing"),
        (
            {"txHash": HASHES[1], "result": {"structLogs": []}},
            "no address: another tracer",
        ),
        ({"txHash": HASHES[1], "result": {"0x12": {}}}, "expected an address"),
        ({"txHash": HASHES[1], "result": {BOB: []}}, f"transaction 1 .*: {BOB}: expected an obj"),
        ({"txHash": HASHES[1], "result": {BOB: {"balance": -1}}}, f"{BOB}: balance: expected"),
        ({"txHash": HASHES[1], "result": {BOB: {"nonce": 2**64}}}, f"{BOB}: nonce: expected"),
        ({"txHash": HASHES[1], "result": {BOB: {"code": "0x1"}}}, f"{BOB}: code: expected"),
        ({"txHash": HASHES[1], "result": {BOB: {"storage": []}}}, f"{BOB}: storage: expected"),
        (
            {"txHash": HASHES[1], "result": {BOB: {"storage": {ONE: "zz"}}}},
            f"storage: {ONE}: expected a quantity",
        ),
    ],
)
def test_faults_name_transaction_and_field(entry: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_frames([plain_frames()[0], entry])


def test_a_fault_in_diff_mode_says_on_which_side() -> None:
    for side in "pre", "post":
        frame = {"pre": {}, "post": {}} | {side: {MINER: {"balance": "5"}}}
        with pytest.raises(InputError, match=f"^frame: {side}: {MINER}: balance: expected"):
            read_frame(frame, "frame")
