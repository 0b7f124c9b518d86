"""Account tables, compared with plain dicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import Account, Pubkey
from sealane.runtime.commitments.history import GENESIS_ROOT, history_root
from sealane.runtime.commitments.keyed_states import KeyedStates
from sealane.runtime.store.account_table import (
    HEADER_LEN,
    AccountTable,
    MalformedTable,
    find_account,
    join_tables,
    merge_tables,
)
from sealane.runtime.store.compaction import merged_windows
from sealane.runtime.store.file_system import FileSystem
from sealane.runtime.store.sorted_run import CHUNK_ACCOUNTS_MAX, CHUNK_DATA_MAX, Run, RunWriter


def key_of(start: bytes, end: bytes) -> Pubkey:
    """Few byte values and zeros: keys share prefixes and suffixes, and occur in other fields."""
    return Pubkey(start + bytes(32 - len(start) - len(end)) + end)


keys = st.builds(key_of, st.binary(max_size=2), st.binary(max_size=2))
accounts = st.builds(
    Account, st.integers(0, 2**64 - 1), keys, st.binary(max_size=90), st.booleans()
)
states = st.dictionaries(keys, accounts, max_size=30)


@given(states)
def test_encoding_round_trips(state: dict[Pubkey, Account]) -> None:
    table = AccountTable.of(state)
    raw = table.encode()
    copy, length = AccountTable.decode(raw + b"more", len(state))
    assert length == len(raw)
    assert list(copy.accounts()) == sorted(state.items())
    assert copy.pubkeys() == sorted(state)
    assert list(copy.columns()) == [state[key] for key in sorted(state)]


@given(states)
def test_the_root_of_what_is_encoded(state: dict[Pubkey, Account]) -> None:
    table = AccountTable.of(state)
    root = history_root(GENESIS_ROOT, table.keyed_states())
    assert root == history_root(GENESIS_ROOT, KeyedStates.of(state))


@given(st.lists(states, max_size=4))
def test_merging_keeps_the_newest(layers: list[dict[Pubkey, Account]]) -> None:
    merged = merge_tables([AccountTable.of(layer) for layer in layers])
    model = {key: state for layer in layers for key, state in layer.items()}
    assert list(merged.accounts()) == sorted(model.items())


@given(states, keys)
def test_finding_one_account(state: dict[Pubkey, Account], other: Pubkey) -> None:
    raw = AccountTable.of(state).encode()
    for key in (*state, other):
        assert find_account(raw, len(state), key) == state.get(key)


@given(states, st.integers(0, 30), st.integers(0, 30))
def test_parts(state: dict[Pubkey, Account], start: int, length: int) -> None:
    table = AccountTable.of(state)
    part = table.part(min(start, len(table)), min(start + length, len(table)))
    assert list(part.accounts()) == sorted(state.items())[start : start + length]


@pytest.mark.parametrize("cut", [1, HEADER_LEN, 90])
def test_too_few_bytes_are_refused(cut: int) -> None:
    raw = AccountTable.of({Pubkey(bytes(32)): Account(1, data=b"0123456789")}).encode()
    with pytest.raises(MalformedTable):
        AccountTable.decode(raw[:-cut], 1)


def test_an_invalid_length_is_refused() -> None:
    raw = AccountTable.of({Pubkey(bytes(32)): Account(1)}).encode()
    with pytest.raises(MalformedTable):
        AccountTable.decode(raw[:-8] + b"\xff" * 8, 1)


STORE = b"the id of a test"


def run_of(folder: Path, state: dict[Pubkey, Account], name: str = "accounts-000001") -> Run:
    files = FileSystem()
    with RunWriter(files, folder / name, STORE) as writer:
        writer.append(AccountTable.of(state))
        entry = writer.finish()
    return Run(files, folder, STORE, entry)


def numbered(count: int, data_len: int = 0) -> dict[Pubkey, Account]:
    return {
        Pubkey(n.to_bytes(4, "big") + bytes(28)): Account(n, data=bytes(data_len))
        for n in range(count)
    }


@pytest.mark.parametrize(
    ("accounts", "data_len", "chunks"),
    [
        (1, 0, 1),
        (CHUNK_ACCOUNTS_MAX, 0, 1),
        (CHUNK_ACCOUNTS_MAX + 1, 0, 2),
        (4, CHUNK_DATA_MAX // 4, 1),
        (4, CHUNK_DATA_MAX // 4 + 1, 2),
        (3, CHUNK_DATA_MAX + 1, 3),
    ],
)
def test_chunks_end_at_their_limits(
    tmp_path: Path, accounts: int, data_len: int, chunks: int
) -> None:
    state = numbered(accounts, data_len)
    run = run_of(tmp_path, state)
    assert run.check() == chunks
    assert dict(run.find(sorted(state))) == state
    run.close()


def test_a_run_between_two_keys(tmp_path: Path) -> None:
    state = numbered(300)
    run = run_of(tmp_path, state)
    ordered = sorted(state)
    for low, high in [(0, 300), (1, 64), (63, 65), (64, 128), (10, 10), (299, 300)]:
        end = None if high == 300 else ordered[high]
        part = run.between(ordered[low] if low else None, end)
        assert [key for key, _ in part.accounts()] == ordered[low:high]
    run.close()


def test_windows_cover_everything_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.runtime.store.compaction.WINDOW_LEN", 10_000)
    older, newer = numbered(2_000), numbered(700, 3)
    runs = [run_of(tmp_path, older), run_of(tmp_path, newer, "accounts-000002")]
    newest = {Pubkey(b"\xff" * 32): Account(1), Pubkey(bytes(32)): Account(2)}
    parts = list(merged_windows(runs, AccountTable.of(newest)))
    assert len(parts) > 10
    assert dict(join_tables(parts).accounts()) == {**older, **newer, **newest}
    for run in runs:
        run.close()
