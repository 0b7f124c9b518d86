"""Replay of Ethereum's blocks agrees with every real one, and names what is wrong in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import InputError
from sealane.ingest.ethereum.access_list.from_rlp import access_list_of_rlp
from sealane.ingest.ethereum.access_list.to_block import block_of_list
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.model import (
    BlockSource,
    EthereumBlock,
    KnownState,
    Step,
    TransactionFacts,
    Withdrawal,
)
from sealane.ingest.ethereum.spec_test import spec_tests
from sealane.testing.checked_runs.ethereum_check import check_state_replay, state_runtime
from sealane.testing.checked_runs.ethereum_replay import PART_KEYS_MAX, state_replay_of
from sealane.testing.checked_runs.replay_check import Mismatch, ReplayCheck

from ...real_data import shared_files

ALICE, POOL = "0x" + 40 * "a", "0x" + 40 * "b"
SLOT = StateKey.slot(POOL, 1)


def replayed(block: EthereumBlock, workers: int = 0) -> tuple[str, ReplayCheck]:
    replay = state_replay_of(block)
    with state_runtime(replay, workers) as runtime:
        result = runtime.execute(replay.transactions)
        return result.state_root, check_state_replay(block, replay, result, runtime)


def require_agreement(block: EthereumBlock, name: str) -> None:
    outcomes = [replayed(block, workers) for workers in (0, 1, 2, 4)]
    assert [check.mismatches for _, check in outcomes] == [[]] * 4, name
    assert len({root for root, _ in outcomes}) == 1, name


def spec_blocks(path: Path) -> Iterator[EthereumBlock]:
    """The blocks of a file whose lists keep the rules."""
    for test in spec_tests(orjson.loads(path.read_bytes())):
        for number in range(len(test)):
            try:
                yield test.block(number)
            except InputError:
                continue


def test_every_spec_case_gives_the_expected_state_on_any_number_of_workers() -> None:
    for path in shared_files("ethereum/eip7928"):
        for block in spec_blocks(path):
            if block.refusal is None:
                require_agreement(block, block.case or path.name)


def test_a_block_that_is_to_be_refused_does_not_give_the_expected_state() -> None:
    for path in shared_files("ethereum/eip7928"):
        for block in spec_blocks(path):
            if block.refusal is not None:
                _, check = replayed(block)
                assert any(block.refusal in found.message for found in check.mismatches), path.name


def test_every_list_of_mainnet_agrees_on_any_number_of_workers() -> None:
    for path in shared_files("ethereum/mainnet-bal"):
        require_agreement(block_of_list(access_list_of_rlp(path.read_bytes())), path.name)


def block_of(*steps: Step, **known: object) -> EthereumBlock:
    facts = [TransactionFacts()] * len(steps)
    block = EthereumBlock(BlockSource.TRACE, facts, steps)
    return replace(block, **known)  # pyright: ignore[reportArgumentType]


def test_what_no_source_says_is_not_counted_as_checked() -> None:
    twice = block_of(Step(writes={SLOT: 5}), Step(writes={SLOT: 6}))
    # What the second finds, and what is left; not what the first one finds.
    assert replayed(twice)[1] == ReplayCheck(2, [])
    known = replace(twice, pre=KnownState({SLOT: 4}, is_whole=False))
    assert replayed(known)[1].checked == 3


def test_a_read_of_another_value_is_a_mismatch_at_the_reader() -> None:
    block = block_of(Step(writes={SLOT: 5}), Step(reads={SLOT: 6}))
    assert replayed(block)[1].mismatches == [
        Mismatch("tx1", SLOT.name, "0x5 was found, 0x6 expected")
    ]


def test_the_first_read_tells_what_is_there_and_is_no_check() -> None:
    reads = Step(reads={SLOT: 7})
    assert replayed(block_of(reads))[1] == ReplayCheck(1, [])
    two = block_of(reads, Step(reads={SLOT: 8}))
    assert replayed(two)[1].mismatches == [
        Mismatch("tx1", SLOT.name, "0x7 was found, 0x8 expected")
    ]


def test_what_the_system_does_runs_before_and_after() -> None:
    block = block_of(
        Step(reads={SLOT: 1}, writes={SLOT: 2}),
        before=Step(writes={SLOT: 1}),
        after=Step(writes={SLOT: 3}),
        pre=KnownState({}, is_whole=True),
        post=KnownState({SLOT: 3}, is_whole=True),
    )
    replay = state_replay_of(block)
    assert [each.id for each in replay.transactions] == ["system before", "tx0", "system after"]
    assert replayed(block)[1].mismatches == []


def test_accounts_that_the_expected_state_lacks_must_be_empty() -> None:
    block = block_of(
        Step(writes={SLOT: 2}),
        pre=KnownState({StateKey(ALICE, CODE): b"\1"}, is_whole=True),
        post=KnownState({}, is_whole=True),
    )
    found = {mismatch.account: mismatch.message for mismatch in replayed(block)[1].mismatches}
    assert found[SLOT.name] == "0x2 after the block, 0x0 expected"
    assert found[f"{ALICE}:code"].endswith("after the block, no code expected")


def test_a_transaction_of_many_keys_runs_in_parts_that_count_as_one() -> None:
    def writing(count: int, value: int) -> Step:
        return Step(writes={StateKey.slot(POOL, slot): value for slot in range(count)})

    at_limit = state_replay_of(block_of(writing(PART_KEYS_MAX, 1)))
    assert [each.id for each in at_limit.transactions] == ["tx0"]
    more = block_of(writing(PART_KEYS_MAX + 1, 1), Step(reads={StateKey.slot(POOL, 63): 9}))
    assert [each.id for each in state_replay_of(more).transactions] == ["tx0", "tx0 part 2", "tx1"]
    wrong = block_of(
        writing(PART_KEYS_MAX + 1, 1), Step(reads=writing(PART_KEYS_MAX + 1, 2).writes)
    )
    assert {mismatch.transaction for mismatch in replayed(wrong)[1].mismatches} == {"tx1"}


def test_a_nonce_that_the_transaction_contradicts_is_named() -> None:
    sends = TransactionFacts(sender=ALICE, nonce=7, authorizes=False)
    key = StateKey(ALICE, NONCE)
    for nonce, is_right in ((8, True), (7, False), (9, False)):
        block = block_of(
            Step(writes={key: nonce}), facts=[sends], pre=KnownState({key: 6}, is_whole=True)
        )
        wrong = Mismatch(
            "tx0", key.name, f"becomes {nonce:#x}, 0x8 expected by the transaction's own nonce"
        )
        assert (wrong in replayed(block)[1].mismatches) is not is_right
    unwritten = block_of(Step(), facts=[sends])
    assert replayed(unwritten)[1].mismatches == [
        Mismatch("tx0", key.name, "is not changed, 0x8 expected by the transaction's own nonce")
    ]


@pytest.mark.parametrize(
    "known",
    [
        {"facts": [TransactionFacts(sender=ALICE, nonce=7, authorizes=True)]},
        {"pre": KnownState({StateKey(ALICE, CODE): b"\1"}, is_whole=True)},
        {"pre": None},
        {"before": Step(writes={StateKey(ALICE, CODE): b"\1"})},
    ],
    ids=["authorizes", "has code", "unknown", "gets code"],
)
def test_a_sender_that_may_run_code_may_raise_its_nonce_further(known: dict[str, object]) -> None:
    sends = TransactionFacts(sender=ALICE, nonce=7, authorizes=False)
    step = Step(writes={StateKey(ALICE, NONCE): 9})
    given = {"facts": [sends], "pre": KnownState({}, is_whole=True)} | known
    assert replayed(block_of(step, **given))[1].mismatches == []


def test_withdrawals_pay_what_they_say() -> None:
    key = StateKey(ALICE, BALANCE)
    paid = [Withdrawal(ALICE, 3), Withdrawal(ALICE, 4)]
    pre = KnownState({key: 10}, is_whole=True)
    right = block_of(after=Step(writes={key: 17}), pre=pre, withdrawals=paid)
    assert replayed(right)[1].mismatches == []
    wrong = replace(right, after=Step(writes={key: 18}))
    assert replayed(wrong)[1].mismatches == [
        Mismatch(None, key.name, "becomes 0x12, 0x11 expected after the withdrawals")
    ]
    missing = replace(right, after=Step())
    assert replayed(missing)[1].mismatches == [
        Mismatch(None, key.name, "is not changed, 0x11 expected after the withdrawals")
    ]


KEYS = [StateKey.slot(POOL, slot) for slot in range(4)] + [StateKey(ALICE, BALANCE)]
ACTIONS = st.tuples(st.sampled_from(KEYS), st.sampled_from(["read", "write", "add"]))


@st.composite
def histories(draw: st.DrawFn) -> EthereumBlock:
    """Transactions that read what is there, and change it or not; every value is said."""
    state = {key: draw(st.integers(0, 3)) for key in KEYS}
    pre = KnownState(dict(state), is_whole=True)
    steps: list[Step] = []
    for _ in range(draw(st.integers(0, 8))):
        actions = dict(draw(st.lists(ACTIONS, max_size=4)))
        reads = {key: state[key] for key, kind in actions.items() if kind == "read"}
        kinds = {
            kind: [k for k, done in actions.items() if done == kind] for kind in actions.values()
        }
        for key, kind in actions.items():
            state[key] = state[key] if kind == "read" else draw(st.integers(0, 3))
        writes = {key: state[key] for key in kinds.get("write", [])}
        adds = {key: state[key] for key in kinds.get("add", [])}
        steps.append(Step(reads, writes, adds))
    return block_of(*steps, pre=pre, post=KnownState(dict(state), is_whole=True))


@settings(max_examples=40)
@given(histories())
def test_a_consistent_history_has_no_mismatches(block: EthereumBlock) -> None:
    assert replayed(block)[1].mismatches == []


@settings(max_examples=40)
@given(histories(), st.data())
def test_a_wrong_value_anywhere_is_noticed(block: EthereumBlock, data: st.DataObject) -> None:
    places = [
        (position, name, key)
        for position, step in enumerate(block.steps)
        for name in ("reads", "writes", "adds")
        for key in getattr(step, name)
    ]
    if not places:
        return
    position, name, key = data.draw(st.sampled_from(places))
    step = block.steps[position]
    values = {**getattr(step, name)}
    values[key] += 1
    if name != "reads" and not _is_noticed(block, position, key):
        return
    steps = [*block.steps]
    steps[position] = replace(step, **{name: values})
    assert replayed(replace(block, steps=steps))[1].mismatches


def _is_noticed(block: EthereumBlock, position: int, key: StateKey) -> bool:
    """Whether anything says what is there after the write: a read before the next write, or the
    state after the block."""
    for step in block.steps[position + 1 :]:
        if key in step.reads:
            return True
        if key in step.writes or key in step.adds:
            return False
    return True
