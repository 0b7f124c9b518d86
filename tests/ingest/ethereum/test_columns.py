"""Keys, and the columns of a block: who reads, writes and adds, at both granularities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.ethereum.columns import (
    Access,
    EthereumColumns,
    Granularity,
    access_columns,
    step_accesses,
)
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.model import (
    BlockSource,
    EthereumBlock,
    KnownState,
    Step,
    TransactionFacts,
)

ALICE, POOL, MINER = ("0x" + 40 * letter for letter in "abc")


def block_of(*steps: Step, hints: tuple[tuple[StateKey, ...], ...] = ()) -> EthereumBlock:
    facts = [TransactionFacts()] * len(steps)
    return EthereumBlock(BlockSource.ACCESS_LIST, facts, steps, hints=hints)


def rows_of(columns: EthereumColumns, position: int) -> dict[str, str]:
    rows = range(columns.offsets[position], columns.offsets[position + 1])
    kind = {(False, False): "read", (True, False): "write", (False, True): "add"}
    return {
        columns.names[columns.accounts[row]]: kind[
            bool(columns.writes[row]), bool(columns.adds[row])
        ]
        for row in rows
    }


def test_a_slot_has_one_spelling() -> None:
    assert StateKey.slot(POOL, 0).name == f"{POOL}:0x0"
    assert StateKey.slot(POOL, 255).name == f"{POOL}:0xff"
    assert StateKey.slot(POOL, 0).is_slot
    assert not StateKey(POOL, CODE).is_slot


def test_what_is_missing_is_zero_in_a_whole_state_and_unknown_in_another() -> None:
    assert KnownState({}, is_whole=True).get(StateKey(POOL, CODE)) == b""
    assert KnownState({}, is_whole=True).get(StateKey.slot(POOL, 3)) == 0
    assert KnownState({}, is_whole=False).get(StateKey(POOL, BALANCE)) is None
    assert KnownState({StateKey(POOL, NONCE): 0}, is_whole=False).get(StateKey(POOL, NONCE)) == 0


def test_a_key_is_there_once_with_its_strongest_right() -> None:
    slot = StateKey.slot(POOL, 1)
    step = Step(reads={slot: 4, StateKey(POOL, CODE): None}, writes={slot: 5})
    columns = access_columns(block_of(step))
    assert rows_of(columns, 0) == {f"{POOL}:0x1": "write", f"{POOL}:code": "read"}


def test_an_address_is_written_where_keys_of_it_are_accessed_in_different_ways() -> None:
    step = Step(
        reads={StateKey(POOL, CODE): None, StateKey(POOL, BALANCE): None},
        writes={StateKey(ALICE, NONCE): 1},
        adds={StateKey(MINER, BALANCE): None},
    )
    mixed = Step(reads={StateKey(MINER, CODE): None}, adds={StateKey(MINER, BALANCE): None})
    columns = access_columns(block_of(step, mixed), Granularity.ACCOUNT)
    assert rows_of(columns, 0) == {ALICE: "write", MINER: "add", POOL: "read"}
    assert rows_of(columns, 1) == {MINER: "write"}


def test_hints_count_as_writes() -> None:
    slot = StateKey.slot(POOL, 7)
    columns = access_columns(block_of(Step(reads={slot: None}), Step(), hints=((), (slot,))))
    assert [rows_of(columns, position) for position in (0, 1)] == [
        {slot.name: "read"},
        {slot.name: "write"},
    ]


KEYS = st.builds(StateKey, st.sampled_from([ALICE, POOL]), st.sampled_from([NONCE, "0x0", "0x1"]))
STEPS = st.builds(
    Step,
    reads=st.dictionaries(KEYS, st.none()),
    writes=st.dictionaries(KEYS, st.integers(0, 3)),
    adds=st.dictionaries(st.just(StateKey(MINER, BALANCE)), st.none()),
)


@given(st.lists(STEPS, max_size=6))
def test_columns_say_what_the_steps_say(steps: list[Step]) -> None:
    block = block_of(*steps)
    columns = access_columns(block)
    assert len(set(columns.names)) == len(columns.names)
    assert not (columns.writes & columns.adds).any()
    for position, step in enumerate(steps):
        expected = {key.name: kind.name.lower() for key, kind in step_accesses(step).items()}
        assert rows_of(columns, position) == expected
        for key in step.reads:
            strength = Access.WRITE if key in step.writes else Access.READ
            assert step_accesses(step)[key] is strength


@given(st.lists(STEPS, max_size=6))
def test_whoever_conflicts_by_slot_conflicts_by_account(steps: list[Step]) -> None:
    def conflicts(columns: EthereumColumns) -> set[tuple[int, int]]:
        rows = [rows_of(columns, position) for position in range(len(steps))]
        return {
            (i, j)
            for j in range(len(steps))
            for i in range(j)
            for name in rows[i].keys() & rows[j].keys()
            if rows[i][name] != rows[j][name] or rows[i][name] == "write"
        }

    block = block_of(*steps)
    by_slot = conflicts(access_columns(block))
    assert by_slot <= conflicts(access_columns(block, Granularity.ACCOUNT))
