"""The blocks whose changes have left the log: a file of records, appended to and never changed.

Guarantees: the manifest's checksum covers every record it counts, and is compared before any is
believed. Reading is put off until somebody asks for a block. What an interrupted append left
behind the counted records is overwritten by the next.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ...primitives import StoreCorrupt
from ..block_record import RECORD_LEN, BlockRecord
from .file_system import FileSystem, read_from, sync_file

HISTORY_NAME: Final = "blocks"


class HistoryEntry(NamedTuple):
    """What the manifest says of the history."""

    blocks: int
    checksum: int


class History:
    """The open file. Raises StoreCorrupt where it is not what was written."""

    def __init__(self, files: FileSystem, folder: Path, entry: HistoryEntry) -> None:
        self.entry = entry
        self.path = folder / HISTORY_NAME
        self._files = files
        try:
            self._descriptor = files.open(self.path)
        except FileNotFoundError:
            raise StoreCorrupt(str(self.path), "the file is missing") from None

    def read(self) -> list[BlockRecord]:
        """Every record, oldest first."""
        size = self.entry.blocks * RECORD_LEN
        raw = read_from(self._files, self._descriptor, self.path, size, 0)
        if len(raw) != size or zlib.crc32(raw) != self.entry.checksum:
            raise StoreCorrupt(
                str(self.path),
                f"the records of {self.entry.blocks:,} blocks do not match their checksum",
            )
        return [BlockRecord.decode(raw[at : at + RECORD_LEN]) for at in range(0, size, RECORD_LEN)]

    def append(self, records: Sequence[BlockRecord]) -> HistoryEntry:
        """Write and sync more records; they count once the manifest has this entry."""
        raw = b"".join([record.encode() for record in records])
        if raw:
            self._files.write(self._descriptor, raw, self.entry.blocks * RECORD_LEN)
            sync_file(self._files, self._descriptor)
        checksum = zlib.crc32(raw, self.entry.checksum)
        return HistoryEntry(self.entry.blocks + len(records), checksum)

    def close(self) -> None:
        self._files.close(self._descriptor)
