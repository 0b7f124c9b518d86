"""Finding a block by its input: the last one that had it, in the history or in the log."""

from __future__ import annotations

import tracemalloc
import zlib
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.primitives import StoreCorrupt
from sealane.runtime import BlockRecord, Store
from sealane.runtime.state.state import BlockSummary
from sealane.runtime.store.file_system import FileSystem
from sealane.runtime.store.history import HISTORY_NAME, WINDOW_RECORDS, History, HistoryEntry
from sealane.runtime.store.known_blocks import KnownBlocks

STORE = b"the id of a test"


def hash_of(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def records(first: int, count: int, *, kinds: int = 10**9) -> list[BlockRecord]:
    """Records from height `first` on. The inputs repeat every `kinds` blocks."""
    return [
        BlockRecord(height, hash_of(height % kinds), hash_of(-height), 3, 0, 2, 0.5, 1.5)
        for height in range(first, first + count)
    ]


def history_of(folder: Path, blocks: list[BlockRecord]) -> History:
    (folder / HISTORY_NAME).write_bytes(b"")
    history = History(FileSystem(), folder, STORE, HistoryEntry.empty(STORE))
    history.entry = history.append(blocks)
    return history


@pytest.mark.parametrize("count", [0, 1, WINDOW_RECORDS - 1, WINDOW_RECORDS, WINDOW_RECORDS + 1])
@pytest.mark.parametrize("more", [1, 3, WINDOW_RECORDS, 2 * WINDOW_RECORDS + 5])
@pytest.mark.parametrize("asked_before", [False, True])
def test_every_block_is_found_in_history_and_log(
    tmp_path: Path, count: int, more: int, asked_before: bool
) -> None:
    history = history_of(tmp_path, records(1, count))
    known = KnownBlocks(history)
    if asked_before:
        assert known.find(hash_of(-1)) is None
    for start in (count + 1, count + more + 1):
        later = records(start, more)
        history.entry = history.append(later)
        known.extend(later)
    total = count + 2 * more
    for record in records(1, total)[:: max(1, total // 50)]:
        assert known.find(record.input_hash) == record
    assert known.find(hash_of(total + 1)) is None
    history.close()


def test_the_last_of_several_blocks_with_one_input_is_found(tmp_path: Path) -> None:
    blocks = records(1, 5000, kinds=100)
    history = history_of(tmp_path, blocks)
    known = KnownBlocks(history)
    for number in range(100):
        expected = [block for block in blocks if block.input_hash == hash_of(number)][-1]
        assert known.find(hash_of(number)) == expected
    history.close()


def test_an_equal_prefix_of_a_hash_is_not_enough(tmp_path: Path) -> None:
    history = history_of(tmp_path, records(1, 10))
    known = KnownBlocks(history)
    assert known.find(hash_of(3)[:8] + bytes(24)) is None
    history.close()


def test_memory_use_is_small(tmp_path: Path) -> None:
    """Keeping all records took 120 MB for this many blocks, and seconds to build."""
    count = 200_000
    raw = b"".join([record.encode() for record in records(1, 1000)]) * (count // 1000)
    (tmp_path / HISTORY_NAME).write_bytes(raw)
    entry = HistoryEntry(count, zlib.crc32(raw, zlib.crc32(STORE)))
    history = History(FileSystem(), tmp_path, STORE, entry)
    known = KnownBlocks(history)
    tracemalloc.start()
    assert known.find(hash_of(-7)) is None
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    history.close()
    assert held < 20 * count
    assert peak < 80 * count


@pytest.mark.parametrize("asked_before", [False, True])
def test_damage_is_found_before_a_record_is_used(tmp_path: Path, asked_before: bool) -> None:
    history = history_of(tmp_path, records(1, 3000))
    known = KnownBlocks(history)
    if asked_before:
        assert known.find(hash_of(7)) is not None
    path = tmp_path / HISTORY_NAME
    raw = bytearray(path.read_bytes())
    raw[6 * 112 + 60] ^= 1  # the root of block 7
    path.write_bytes(raw)
    for _ in range(2):
        with pytest.raises(StoreCorrupt, match=HISTORY_NAME):
            known.find(hash_of(7))
    history.close()


def test_a_store_finds_blocks_of_its_log_and_its_history(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        for number in range(1, 9):
            store.commit({}, BlockSummary(hash_of(number % 4)))
            if number == 5:
                assert store.find_block(hash_of(9)) is None
                store.compact()
            found = store.find_block(hash_of(number % 4))
            assert found is not None
            assert found.height == number
        heights = [found.height for n in range(4) if (found := store.find_block(hash_of(n)))]
        assert heights == [8, 5, 6, 7]
    with Store(tmp_path / "state") as store:
        heights = [found.height for n in range(4) if (found := store.find_block(hash_of(n)))]
        assert heights == [8, 5, 6, 7]
