"""The history: records of blocks whose changes have left the log, in an append-only file.

Guarantees: the manifest's checksum covers every record it counts, and is compared before any record
is used. The file is read only when a block is looked up, one window of records at a time. Anything
that an interrupted append left after the counted records is overwritten by the next append.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ...primitives import StoreCorrupt
from ..state.block_record import RECORD_LEN, BlockRecord
from .file_system import FileSystem, open_part, read_from, sync_file

HISTORY_NAME: Final = "blocks"
WINDOW_RECORDS: Final = 1024


class HistoryEntry(NamedTuple):
    """The history's entry in the manifest."""

    blocks: int
    checksum: int

    @classmethod
    def empty(cls, store: bytes) -> HistoryEntry:
        """The entry of a new store. The checksum starts with the store's id."""
        return cls(0, zlib.crc32(store))


class History:
    """The open file. Methods raise StoreCorrupt if it is damaged."""

    def __init__(
        self,
        files: FileSystem,
        folder: Path,
        store: bytes,
        entry: HistoryEntry,
        *,
        writable: bool = True,
    ) -> None:
        self.entry = entry
        self.path = folder / HISTORY_NAME
        self._files = files
        self._first_checksum = HistoryEntry.empty(store).checksum
        self._descriptor = open_part(files, self.path, writable=writable)
        size, counted = files.size(self._descriptor), entry.blocks * RECORD_LEN
        if size < counted:
            self.close()
            raise StoreCorrupt(
                str(self.path), f"{size:,} bytes long where {counted:,} were written"
            )

    def windows(self) -> Iterator[bytes]:
        """All records, raw, WINDOW_RECORDS at a time. Verified only once the iterator has ended."""
        checksum = self._first_checksum
        for first in range(0, self.entry.blocks, WINDOW_RECORDS):
            raw = self.window(first)
            checksum = zlib.crc32(raw, checksum)
            yield raw
        if checksum != self.entry.checksum:
            raise StoreCorrupt(
                str(self.path),
                f"the records of {self.entry.blocks:,} blocks do not match their checksum",
            )

    def window(self, first: int) -> bytes:
        """The records from a position on, raw: WINDOW_RECORDS, or as many as there are. The caller
        must compare their checksum."""
        size = min(WINDOW_RECORDS, self.entry.blocks - first) * RECORD_LEN
        start = first * RECORD_LEN
        raw = read_from(self._files, self._descriptor, self.path, size, start)
        if len(raw) != size:
            raise StoreCorrupt(str(self.path), f"it ends before offset {start + size:,}")
        return raw

    def records(self) -> Iterator[BlockRecord]:
        """Every record, oldest first. Verified only once the iterator has ended."""
        height = 0
        for raw in self.windows():
            for at in range(0, len(raw), RECORD_LEN):
                record = BlockRecord.decode(raw[at : at + RECORD_LEN])
                height += 1
                if record.height != height or not record.is_plausible:
                    raise StoreCorrupt(str(self.path), f"the record of block {height:,} is not one")
                yield record

    def read(self) -> list[BlockRecord]:
        """Every record, oldest first."""
        return list(self.records())

    def append(self, records: Sequence[BlockRecord]) -> HistoryEntry:
        """Write and sync more records. They count once the manifest has the returned entry."""
        raw = b"".join([record.encode() for record in records])
        if raw:
            self._files.write(self._descriptor, raw, self.entry.blocks * RECORD_LEN)
            sync_file(self._files, self._descriptor)
        checksum = zlib.crc32(raw, self.entry.checksum)
        return HistoryEntry(self.entry.blocks + len(records), checksum)

    def close(self) -> None:
        self._files.close(self._descriptor)
