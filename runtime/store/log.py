"""The log: what blocks changed since the runs were written, appended and synced block by block.

    head: two slots of 512 bytes │ … to 4096 │ entry │ entry │ … │ room
    entry: header, accounts put in place before the block, accounts that the block changed

A commit is: write the entry, sync, then write its end into the older slot of the head. So an entry
that the head covers was acknowledged, and must be whole: anything else is corruption. What
lies beyond is at most one entry that was never acknowledged: whole, it counts; torn, it does not.
A slot is read for its end only, and the other one stands in for a damaged one: entries tell.
Entries are keyed by log and offset, so that none is taken for another.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ...primitives import StoreCorrupt
from ..block_record import RECORD_LEN, BlockRecord
from .account_table import AccountTable, MisshapenTable
from .file_system import FileSystem, read_from, sync_file, write_whole

_HEAD_LEN: Final = 4096
_SLOT_OFFSETS: Final = (0, 512)
_SLOT: Final = struct.Struct("<8sQ")  # magic, end of what was acknowledged
_SLOT_MAGIC: Final = b"SLHEAD1\n"
_ENTRY: Final = struct.Struct(f"<8sBQQQQI{RECORD_LEN}s")
_ENTRY_MAGIC: Final = b"SLENTRY1"
_CHECK_LEN: Final = 16
_ENTRY_LEN: Final = _ENTRY.size + _CHECK_LEN
_RESERVE_MIN: Final = 1024 * 1024
_RESERVE_MAX: Final = 16 * 1024 * 1024
_BLOCK_KIND: Final = 1
_ACCOUNTS_KIND: Final = 2


class LogEntry(NamedTuple):
    """One commit. `block` is None where accounts were put in place without one.

    `account_count`: accounts in the store after the commit.
    """

    block: BlockRecord | None
    placed: AccountTable
    changed: AccountTable
    account_count: int


class Log:
    """One log file, open for appending. After a failed sync the caller must not use it again."""

    def __init__(self, files: FileSystem, path: Path, number: int) -> None:
        self.path = path
        self.number = number
        self._files = files
        try:
            self._descriptor = files.open(path)
        except FileNotFoundError:
            raise StoreCorrupt(str(path), "the file is missing") from None
        self.end = _HEAD_LEN
        self._next_end = _HEAD_LEN
        self._slot = 0
        self._reserved = files.size(self._descriptor)

    @staticmethod
    def create(files: FileSystem, path: Path, number: int) -> None:
        """Put an empty log in place, on the disk. The caller syncs the folder."""
        head = bytearray(_HEAD_LEN)
        for offset in _SLOT_OFFSETS:
            slot = _slot(number, _HEAD_LEN)
            head[offset : offset + len(slot)] = slot
        write_whole(files, path, bytes(head))

    def is_new(self) -> bool:
        """Whether nothing was ever appended. Reads the head only."""
        return self._read_head() == _HEAD_LEN

    def read(self) -> Iterator[LogEntry]:
        """Every entry, in order; then the log is ready to be appended to.

        Raises StoreCorrupt for an acknowledged entry that is not as it was written.
        """
        acknowledged = self._read_head()
        while True:
            try:
                entry, end = self._read_entry(self.end)
            except _Damage as damage:
                if self.end < acknowledged:
                    raise self._corrupt(f"the entry at offset {self.end:,} {damage}") from None
                break
            if self.end < acknowledged < end:
                raise self._corrupt(f"no entry ends at offset {acknowledged:,}")
            if self.end >= acknowledged:
                self._adopt(end)
            self.end = end
            yield entry

    def append(self, entry: LogEntry) -> None:
        """Write an entry; it counts once `sync` has returned. On an error nothing has changed."""
        raw = self._encode(entry)
        end = self.end + len(raw)
        if end > self._reserved:
            room = min(max(self._reserved, _RESERVE_MIN), _RESERVE_MAX)
            self._files.reserve(self._descriptor, end + room)
            self._reserved = end + room
        self._files.write(self._descriptor, raw, self.end)
        self._next_end = end

    def sync(self) -> None:
        """Bring the entry to the disk and acknowledge it."""
        sync_file(self._files, self._descriptor)
        self._acknowledge(self._next_end)

    def close(self) -> None:
        self._files.close(self._descriptor)

    def _acknowledge(self, end: int) -> None:
        # Not synced: the next sync takes it along, and until then the entry speaks for itself.
        self._files.write(self._descriptor, _slot(self.number, end), _SLOT_OFFSETS[self._slot])
        self._slot = 1 - self._slot
        self.end = end

    def _adopt(self, end: int) -> None:
        """Acknowledge a whole entry that the head does not cover.

        Written once more first: it may be here in memory only, after a sync that failed.
        """
        raw = read_from(self._files, self._descriptor, self.path, end - self.end, self.end)
        self._files.write(self._descriptor, raw, self.end)
        sync_file(self._files, self._descriptor)
        self._acknowledge(end)

    def _read_head(self) -> int:
        head = read_from(self._files, self._descriptor, self.path, _HEAD_LEN, 0)
        ends: list[int] = []
        for offset in _SLOT_OFFSETS:
            _, end = _SLOT.unpack_from(head.ljust(_HEAD_LEN, b"\0"), offset)
            slot = _slot(self.number, end)
            ends.append(end if head[offset : offset + len(slot)] == slot else -1)
        if max(ends) < 0:
            raise self._corrupt("its head is damaged")
        self._slot = ends.index(min(ends))
        return max(ends)

    def _read_entry(self, offset: int) -> tuple[LogEntry, int]:
        header = read_from(self._files, self._descriptor, self.path, _ENTRY_LEN, offset)
        if len(header) < _ENTRY_LEN:
            raise _Damage("is cut short")
        fields, check = header[: _ENTRY.size], header[_ENTRY.size :]
        if check != self._check(fields, offset):
            raise _Damage("has a header that does not match its checksum")
        magic, kind, placed_count, changed_count, account_count, length, checksum, record = (
            _ENTRY.unpack(fields)
        )
        body = read_from(self._files, self._descriptor, self.path, length, offset + _ENTRY_LEN)
        if len(body) != length:
            raise _Damage("is cut short")
        if magic != _ENTRY_MAGIC or zlib.crc32(body) != checksum:
            raise _Damage("does not match its checksum")
        try:
            placed, start = AccountTable.decode(body, placed_count)
            changed, _ = AccountTable.decode(memoryview(body)[start:], changed_count)
        except MisshapenTable as error:
            raise _Damage(f"holds {error}") from None
        block = BlockRecord.decode(record) if kind == _BLOCK_KIND else None
        return LogEntry(block, placed, changed, account_count), offset + _ENTRY_LEN + length

    def _encode(self, entry: LogEntry) -> bytes:
        body = b"".join((*entry.placed.parts(), *entry.changed.parts()))
        fields = _ENTRY.pack(
            _ENTRY_MAGIC,
            _ACCOUNTS_KIND if entry.block is None else _BLOCK_KIND,
            len(entry.placed),
            len(entry.changed),
            entry.account_count,
            len(body),
            zlib.crc32(body),
            bytes(RECORD_LEN) if entry.block is None else entry.block.encode(),
        )
        return fields + self._check(fields, self.end) + body

    def _check(self, fields: bytes, offset: int) -> bytes:
        return _keyed_digest(fields, self.number, offset)

    def _corrupt(self, what: str) -> StoreCorrupt:
        return StoreCorrupt(str(self.path), what)


class _Damage(Exception):
    """There is no whole entry; whether that is corruption, the head tells."""


def _slot(number: int, end: int) -> bytes:
    fields = _SLOT.pack(_SLOT_MAGIC, end)
    return fields + _keyed_digest(fields, number, 0)


def _keyed_digest(raw: bytes, number: int, offset: int) -> bytes:
    place = struct.pack("<QQ", number, offset)
    return hashlib.blake2b(raw, digest_size=_CHECK_LEN, key=place).digest()
