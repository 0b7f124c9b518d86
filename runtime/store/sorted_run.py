"""A run: a file of accounts, sorted by key, written once and never changed.

    chunk 0 │ chunk 1 │ … │ index: first key, place, account count and CRC-32 of every chunk

A chunk is an encoded AccountTable of up to 64 accounts. Guarantees: every byte is covered by a
checksum that is compared before the byte is used: chunks by those in the index, the index by the
digest in the manifest, keyed by the store's id. As a file is never changed, no checksum can match
an older version of it. Opening reads only the index, some 1/100 of the file; finding an account
reads only its chunk. Chunks have a CRC-32, as it detects every burst of errors of up to 32 bits and
takes 1 µs per chunk, where BLAKE2b takes 4. The index, which protects the chunks, has BLAKE2b.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey, StoreCorrupt
from .account_table import (
    HEADER_LEN,
    AccountTable,
    MalformedTable,
    find_account,
    join_tables,
)
from .file_system import DRAFT_SUFFIX, FileSystem, open_part, read_from, sync_file

CHUNK_ACCOUNTS_MAX: Final = 64
CHUNK_DATA_MAX: Final = 64 * 1024  # bytes, unless a single account has more
_WRITE_LEN: Final = 4 * 1024 * 1024
_CHUNK: Final = struct.Struct("<32sQQII")  # first key, offset, length, accounts, CRC-32
DIGEST_LEN: Final = 16
CHUNK_PLACE_LEN: Final = _CHUNK.size


class RunEntry(NamedTuple):
    """A run's entry in the manifest."""

    file: str
    accounts: int
    index_offset: int
    size: int
    index_digest: str


class RunWriter:
    """Writes one run of the store with this id, table by table, in key order."""

    def __init__(self, files: FileSystem, path: Path, store: bytes) -> None:
        self._files = files
        self._store = store
        self._path = path
        self._draft = path.with_name(path.name + DRAFT_SUFFIX)
        self._descriptor = files.create(self._draft)
        self._index: list[bytes] = []
        self._parts: list[bytes] = []
        self._parts_len = 0
        self._offset = 0
        self._accounts = 0

    def append(self, table: AccountTable) -> None:
        """Add accounts whose keys are greater than all earlier ones."""
        ends = table.data_ends
        data_start = 0
        for start, end in pairwise(_chunk_bounds(ends)):
            data_end = int(ends[end - 1])
            raw = table.headers[start:end].tobytes() + table.data[data_start:data_end]
            data_start = data_end
            self._index.append(
                _CHUNK.pack(raw[:32], self._offset, len(raw), end - start, zlib.crc32(raw))
            )
            self._put(raw)
        self._accounts += len(table)

    def finish(self) -> RunEntry:
        """Complete the file on the disk, under its final name. The caller syncs the folder."""
        index = b"".join(self._index)
        index_offset = self._offset
        self._put(index)
        self._flush()
        sync_file(self._files, self._descriptor)
        self._files.replace(self._draft, self._path)
        digest = _digest(index, self._store)
        return RunEntry(self._path.name, self._accounts, index_offset, self._offset, digest)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file. One that was not finished is a draft, and is removed later."""
        self._files.close(self._descriptor)

    def _put(self, raw: bytes) -> None:
        self._parts.append(raw)
        self._parts_len += len(raw)
        self._offset += len(raw)
        if self._parts_len >= _WRITE_LEN:
            self._flush()

    def _flush(self) -> None:
        self._files.write(self._descriptor, b"".join(self._parts), self._offset - self._parts_len)
        self._parts.clear()
        self._parts_len = 0


class Run:
    """One open run. Methods raise StoreCorrupt if the file is damaged."""

    def __init__(self, files: FileSystem, folder: Path, store: bytes, entry: RunEntry) -> None:
        self.entry = entry
        self.path = folder / entry.file
        self._files = files
        self._descriptor = open_part(files, self.path, writable=False)
        try:
            self._read_index(store)
        except BaseException:
            self.close()
            raise

    def _read_index(self, store: bytes) -> None:
        entry = self.entry
        size = self._files.size(self._descriptor)
        if size != entry.size:
            raise self._corrupt(f"{size:,} bytes long where {entry.size:,} were written")
        length = entry.size - entry.index_offset
        index = read_from(self._files, self._descriptor, self.path, length, entry.index_offset)
        if _digest(index, store) != entry.index_digest:
            raise self._corrupt("the index does not match its checksum")
        if len(index) % _CHUNK.size:
            raise self._corrupt("the index is cut short")
        self._chunks = [_ChunkPlace(*fields) for fields in _CHUNK.iter_unpack(index)]
        self._check_places()
        self._first_keys = [place.first_key for place in self._chunks]

    def _check_places(self) -> None:
        """Check that the chunks are contiguous up to the index, and the number of accounts."""
        end = accounts = 0
        for number, place in enumerate(self._chunks):
            room = place.accounts * HEADER_LEN
            if place.offset != end or not 0 < room <= place.length:
                raise self._corrupt(f"the index has chunk {number:,} where it cannot be")
            end += place.length
            accounts += place.accounts
        if (end, accounts) != (self.entry.index_offset, self.entry.accounts):
            raise self._corrupt("the index is not that of its chunks")

    def __len__(self) -> int:
        return self.entry.accounts

    def find(self, keys: Sequence[Pubkey]) -> Iterator[tuple[Pubkey, Account]]:
        """Those of the ascending `keys` that are in this run, with their states."""
        number = -1
        chunk = b""
        for key in keys:
            wanted = bisect_right(self._first_keys, key) - 1
            if wanted < 0:
                continue
            if wanted != number:
                number = wanted
                chunk = self._chunk(number, key)
            try:
                account = find_account(chunk, self._chunks[number].accounts, key)
            except MalformedTable as error:
                raise self._corrupt(f"chunk {number:,}: {error}", key) from None
            if account is not None:
                yield key, account

    def between(self, first: bytes | None, end: bytes | None) -> AccountTable:
        """All accounts with first <= key < end; None means no bound."""
        start = 0 if first is None else max(0, bisect_right(self._first_keys, first) - 1)
        stop = len(self._chunks) if end is None else bisect_left(self._first_keys, end)
        table = join_tables([self._table(number) for number in range(start, stop)])
        keys = table.keys
        low = 0 if first is None else int(keys.searchsorted(first))
        high = len(keys) if end is None else int(keys.searchsorted(end))
        return table.part(low, high)

    def windows(self, window_len: int) -> list[bytes]:
        """Keys that divide the run into windows of about `window_len` bytes."""
        cuts: list[bytes] = []
        mark = window_len
        for place in self._chunks:
            if place.offset >= mark:
                cuts.append(place.first_key)
                mark = place.offset + window_len
        return cuts

    def check(self) -> int:
        """Check every checksum and the order of all keys; returns the number of chunks."""
        last = b""
        for number, place in enumerate(self._chunks):
            keys = [bytes(key) for key, _ in self._table(number).accounts()]
            if keys != sorted(set(keys)) or keys[0] != place.first_key or keys[0] <= last:
                raise self._corrupt(f"chunk {number:,} is out of order")
            last = keys[-1]
        return len(self._chunks)

    def close(self) -> None:
        self._files.close(self._descriptor)

    def _table(self, number: int) -> AccountTable:
        raw = self._chunk(number)
        try:
            table, length = AccountTable.decode(raw, self._chunks[number].accounts)
        except MalformedTable as error:
            raise self._corrupt(f"chunk {number:,}: {error}") from None
        if length != len(raw):
            raise self._corrupt(f"chunk {number:,} has {len(raw) - length:,} bytes too many")
        return table

    def _chunk(self, number: int, key: Pubkey | None = None) -> bytes:
        place = self._chunks[number]
        raw = read_from(self._files, self._descriptor, self.path, place.length, place.offset)
        if zlib.crc32(raw) != place.checksum or len(raw) != place.length:
            raise self._corrupt(
                f"{place.length:,} bytes from offset {place.offset:,} do not match their checksum",
                key,
            )
        return raw

    def _corrupt(self, what: str, key: Pubkey | None = None) -> StoreCorrupt:
        return StoreCorrupt(str(self.path), what, key)


class _ChunkPlace(NamedTuple):
    first_key: bytes
    offset: int
    length: int
    accounts: int
    checksum: int


def find_in_runs(runs: Sequence[Run], keys: Sequence[Pubkey]) -> dict[Pubkey, Account]:
    """Those of these accounts that are in the runs, oldest first. The keys must ascend."""
    found: dict[Pubkey, Account] = {}
    for run in reversed(runs):
        found.update(run.find(keys))
        keys = [key for key in keys if key not in found]
    return found


def _chunk_bounds(ends: NDArray[np.int64]) -> list[int]:
    """Rows at which chunks start, and the end of the last. `ends`: the end of each row's data."""
    bounds = [0]
    while bounds[-1] < len(ends):
        start = bounds[-1]
        before = int(ends[start - 1]) if start else 0
        fitting = int(ends.searchsorted(before + CHUNK_DATA_MAX, side="right"))
        bounds.append(min(start + CHUNK_ACCOUNTS_MAX, max(fitting, start + 1), len(ends)))
    return bounds


def _digest(raw: bytes, store: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=DIGEST_LEN, key=store).hexdigest()
