"""Accounts of a block in shared memory, written by several lanes, compared with a list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import ACCOUNT_DATA_LEN_MAX
from sealane.runtime.columns.shared_columns import Columns
from sealane.runtime.memory.arena import Arena
from sealane.runtime.memory.segment import SegmentFolder
from sealane.runtime.memory.working_set import Heaps, WorkingSet

OWNERS = [Pubkey.of(name) for name in ("system", "token", "someone")]
LANES = 3
KEYS = np.repeat(np.arange(30, 0, -1, dtype=np.uint8), 32).reshape(30, 32)
numbers = count()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[SegmentFolder]:
    with SegmentFolder(tmp_path) as folder:
        yield folder


states = st.builds(
    Account,
    lamports=st.sampled_from([0, 1, 2**64 - 1]),
    owner=st.sampled_from(OWNERS),
    data=st.binary(max_size=20) | st.sampled_from([b"", b"abc", b"abcdefgh", bytes(3), bytes(8)]),
    executable=st.booleans(),
)
writes = st.lists(st.tuples(st.integers(0, LANES - 1), st.integers(0, 4), states), max_size=25)


def open_lanes(folder: SegmentFolder, before: list[Account]) -> list[WorkingSet]:
    heaps = Heaps(folder.path, f"heap-{next(numbers)}")
    columns = lay(before)
    return [WorkingSet(columns, lane, heaps) for lane in range(LANES)]


def lay(before: list[Account]) -> Columns:
    arena = Arena()
    columns = WorkingSet.columns_of(before)
    arena.begin(columns)
    return arena.pack(columns)[1]


def written(data: bytes) -> Account:
    return Account(1, OWNERS[0], data)


@given(before=st.lists(states, min_size=5, max_size=5), stores=writes)
@example(  # longer within its place, and back: what lies behind the data must not count
    before=[written(b"abc")] * 5,
    stores=[(0, 0, written(b"abcdefgh")), (1, 0, written(b"abc"))],
)
@example(  # out of its place, and back to what it was
    before=[written(b"abc")] * 5,
    stores=[(0, 0, written(bytes(20))), (1, 0, written(b"abc"))],
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lanes_see_what_others_stored(
    folder: SegmentFolder, before: list[Account], stores: list[tuple[int, int, Account]]
) -> None:
    lanes = open_lanes(folder, before)
    model = list(before)
    for lane, account, state in stores:
        lanes[lane].store(account, state)
        model[account] = state
        for other in lanes:
            assert other.load(account) == state
    for other in lanes:
        assert [other.load(account) for account in range(5)] == model
    expected = {n: model[n] for n in range(5) if model[n] != before[n]}
    assert dict(lanes[0].changed(before, KEYS[: len(before)])) == expected


fields = st.tuples(st.integers(0, 4), st.integers(0, 16), st.binary(min_size=1, max_size=9))


@given(
    before=st.lists(states, min_size=5, max_size=5),
    steps=st.lists(st.tuples(st.integers(0, 4), states) | fields, max_size=25),
)
@example([written(bytes(20))] * 5, [(0, 8, b"a"), (0, 8, b"\0")])  # and back again
@example([written(bytes(20))] * 5, [(0, 0, b"a"), (0, 8, b"b"), (0, 8, b"\0")])  # another word
@example([written(bytes(20))] * 5, [(0, 0, b"a"), (0, written(bytes(19))), (0, 8, b"\0")])
@example([written(bytes(20))] * 5, [(0, 7, b"\0b")])  # in two words
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fields_written_vectorized_between_others(
    folder: SegmentFolder,
    before: list[Account],
    steps: list[tuple[int, Account] | tuple[int, int, bytes]],
) -> None:
    lane = open_lanes(folder, before)[0]
    model = list(before)
    for step in steps:
        account = step[0]
        if len(step) == 2:
            lane.store(account, step[1])
            model[account] = step[1]
            continue
        _, offset, raw = step
        ids = np.array([account], dtype=np.uint32)
        places, end = lane.places_of(ids), offset + len(raw)
        data = model[account].data
        if end > len(data) or not places.reachable.all():
            continue  # such a row leaves its group
        places.write(slice(None), offset, np.frombuffer(raw, np.uint8)[None])
        lane.note_written(ids, [(offset, len(raw))])
        model[account] = model[account]._replace(data=data[:offset] + raw + data[end:])
    assert [lane.load(account) for account in range(5)] == model
    expected = {n: model[n] for n in range(5) if model[n] != before[n]}
    assert dict(lane.changed(before, KEYS[: len(before)])) == expected


@pytest.mark.parametrize("offset", [2024, 2032, 2048])  # the words 253, 254 and 256
def test_words_beyond_the_markable_ones(folder: SegmentFolder, offset: int) -> None:
    before = [written(bytes(3000))] * 2
    lane = open_lanes(folder, before)[0]
    ids = np.arange(2, dtype=np.uint32)
    lane.places_of(ids).write(slice(None), offset, np.array([[1], [0]], dtype=np.uint8))
    lane.note_written(ids, [(offset, 1)])
    assert list(dict(lane.changed(before, KEYS[:2]))) == [0]


def test_no_accounts_at_all(folder: SegmentFolder) -> None:
    lanes = open_lanes(folder, [])
    assert not dict(lanes[0].changed([], KEYS[:0]))


def test_data_of_10_mib_beside_small_ones(folder: SegmentFolder) -> None:
    big = Account(1, OWNERS[1], b"\7" * ACCOUNT_DATA_LEN_MAX)
    before = [Account(), Account(5, OWNERS[1], b"small"), big]
    lanes = open_lanes(folder, before)
    assert lanes[1].load(2) == big
    lanes[1].store(0, big)
    lanes[2].store(1, big._replace(lamports=9))
    lanes[1].store(2, Account())
    after = [big, big._replace(lamports=9), Account()]
    assert [lanes[0].load(n) for n in range(3)] == after
    assert dict(lanes[0].changed(before, KEYS[: len(before)])) == dict(enumerate(after))


def test_many_accounts_outgrow_many_heaps(folder: SegmentFolder) -> None:
    accounts = 30
    before = [Account(1, OWNERS[1], b"x")] * accounts
    lanes = open_lanes(folder, before)
    grown = [Account(1, OWNERS[1], bytes((n,)) * 1_000_000) for n in range(accounts)]
    for n, state in enumerate(grown):
        lanes[n % LANES].store(n, state)
    assert [lanes[1].load(n) for n in range(accounts)] == grown
    assert dict(lanes[0].changed(before, KEYS[: len(before)])) == dict(enumerate(grown))


def test_an_invalid_lane(folder: SegmentFolder) -> None:
    columns = open_lanes(folder, [Account()])[0].columns
    for lane in (-1, 1 << 12):
        with pytest.raises(ValueError, match="lane"):
            WorkingSet(columns, lane, heaps=None)


def test_a_single_process_has_private_heaps() -> None:
    before = [Account(1, OWNERS[1], b"small"), Account()]
    lane = WorkingSet(lay(before), 0, heaps=None)
    assert not lane.grew
    grown = Account(1, OWNERS[1], bytes(ACCOUNT_DATA_LEN_MAX))
    lane.store(0, grown)
    assert lane.grew
    assert lane.load(0) == grown
    assert dict(lane.changed(before, KEYS[:2])) == {0: grown}


def test_an_account_that_grows_by_bytes_moves_only_a_few_times(folder: SegmentFolder) -> None:
    size = 100_000
    lane = open_lanes(folder, [Account(1, OWNERS[0], bytes(size))])[0]
    places: set[int] = set()
    for more in range(1, 2_000):
        lane.store(0, Account(1, OWNERS[0], bytes(size + more)))
        places.add(int(lane.columns["data_starts"][0]))
    assert len(places) == 1
    assert lane.load(0).data == bytes(size + 1_999)
