"""The log: changes of blocks since the runs were written, appended and synced block by block.

    head: two slots of 512 bytes │ identity │ … to 4096 │ entry │ entry │ … │ room
    entry: header, accounts placed before the block, accounts that the block changed,
           what the store's commitment keeps with each commit

A commit writes the entry, syncs, then writes the entry's end into the older slot of the head. So an
entry that the head covers was acknowledged, and must be complete: anything else is corruption.
Beyond that is at most one entry that was never acknowledged: if complete, it counts; if torn, not.
Slots only say where the log ends; if one is damaged, the other one and the entries suffice.
The checksums of entries are keyed by log and offset, so that no entry can be mistaken for another:
every log of every store has its own random id, which the manifest names. The identity in the head
only serves error messages.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ...primitives import StoreCorrupt
from ..state.block_record import RECORD_LEN, BlockRecord
from .account_table import AccountTable, MalformedTable
from .file_system import FileSystem, open_part, read_from, sync_file, write_whole

_events = logging.getLogger(__package__)

_HEAD_LEN: Final = 4096
_SLOT_OFFSETS: Final = (0, 512)
_SLOT: Final = struct.Struct("<8sQ")  # magic, end of the last acknowledged entry
_SLOT_MAGIC: Final = b"SLHEAD1\n"
_IDENTITY_OFFSET: Final = 1024
ID_LEN: Final = 16
_IDENTITY: Final = struct.Struct(f"<{ID_LEN}s{ID_LEN}sQ")
_ENTRY: Final = struct.Struct(f"<8sBQQQQI{RECORD_LEN}s")
_ENTRY_MAGIC: Final = b"SLENTRY1"
_CHECK_LEN: Final = 16
_ENTRY_LEN: Final = _ENTRY.size + _CHECK_LEN
_RESERVE_MIN: Final = 1024 * 1024
_RESERVE_MAX: Final = 16 * 1024 * 1024
_BLOCK_KIND: Final = 1
_ACCOUNTS_KIND: Final = 2


class LogEntry(NamedTuple):
    """One commit. `block`: None if accounts were placed without a block.

    `account_count`: accounts in the store after the commit. `commitment`: what the commitment to
    the state after it keeps on the disk.
    """

    block: BlockRecord | None
    placed: AccountTable
    changed: AccountTable
    account_count: int
    commitment: bytes


class LogIdentity(NamedTuple):
    """The identity of a log and its store. `store`, `log`: ID_LEN random bytes each."""

    store: bytes
    log: bytes
    number: int


class Log:
    """One log file, open for appending. After a failed sync it must not be used again.

    If it is not `writable`, it is only read: a complete entry at its end counts, but is not
    acknowledged. `commitment_len`: bytes of `LogEntry.commitment` in every entry.
    """

    def __init__(
        self,
        files: FileSystem,
        path: Path,
        identity: LogIdentity,
        *,
        commitment_len: int,
        writable: bool = True,
    ) -> None:
        self.path = path
        self.identity = identity
        self._writable = writable
        self._commitment_len = commitment_len
        self._files = files
        self._descriptor = open_part(files, path, writable=writable)
        self.end = _HEAD_LEN
        self._next_end = _HEAD_LEN
        self._slot = 0
        self._reserved = files.size(self._descriptor)

    @staticmethod
    def create(files: FileSystem, path: Path, identity: LogIdentity) -> None:
        """Write an empty log to the disk. The caller syncs the folder."""
        head = bytearray(_HEAD_LEN)
        for offset in _SLOT_OFFSETS:
            slot = _slot(identity, _HEAD_LEN)
            head[offset : offset + len(slot)] = slot
        _IDENTITY.pack_into(head, _IDENTITY_OFFSET, *identity)
        write_whole(files, path, bytes(head))

    @staticmethod
    def is_new(files: FileSystem, path: Path) -> bool:
        """Whether nothing was ever appended to the log at `path`, whatever its identity."""
        descriptor = open_part(files, path, writable=False)
        try:
            head = read_from(files, descriptor, path, _HEAD_LEN, 0).ljust(_HEAD_LEN, b"\0")
            size = files.size(descriptor)
        finally:
            files.close(descriptor)
        slots = [_SLOT.unpack_from(head, offset) for offset in _SLOT_OFFSETS]
        if all(magic != _SLOT_MAGIC for magic, _ in slots):
            raise StoreCorrupt(str(path), "its head is damaged")
        return size == _HEAD_LEN and slots == [(_SLOT_MAGIC, _HEAD_LEN)] * 2

    def read(self) -> Iterator[LogEntry]:
        """Every entry, in order. After the last one, the log is ready for `append`.

        Raises StoreCorrupt for an acknowledged entry that is damaged.
        """
        acknowledged = self._read_head()
        while True:
            try:
                entry, end = self._read_entry(self.end)
            except _Damage as damage:
                if self.end < acknowledged:
                    raise self._corrupt(f"the entry at offset {self.end:,} {damage}") from None
                if not damage.blank:
                    _events.info(
                        "left out the entry at offset %d of %s, which %s: its commit was killed",
                        self.end,
                        self.path,
                        damage,
                    )
                break
            if self.end < acknowledged < end:
                raise self._corrupt(f"no entry ends at offset {acknowledged:,}")
            if self.end >= acknowledged and self._writable:
                self._adopt(end)
            self.end = end
            yield entry

    def append(self, entry: LogEntry) -> None:
        """Write an entry. It counts once `sync` has returned. On an error nothing has changed."""
        raw = self._encode(entry)
        end = self.end + len(raw)
        if end > self._reserved:
            room = min(max(self._reserved, _RESERVE_MIN), _RESERVE_MAX)
            self._files.reserve(self._descriptor, end + room)
            self._reserved = end + room
        self._files.write(self._descriptor, raw, self.end)
        self._next_end = end

    def sync(self) -> None:
        """Sync the entry to the disk and acknowledge it."""
        sync_file(self._files, self._descriptor)
        self._acknowledge(self._next_end)

    def close(self) -> None:
        self._files.close(self._descriptor)

    def _acknowledge(self, end: int) -> None:
        # Not synced: the next sync includes it, and until then the complete entry counts anyway.
        self._files.write(self._descriptor, _slot(self.identity, end), _SLOT_OFFSETS[self._slot])
        self._slot = 1 - self._slot
        self.end = end

    def _adopt(self, end: int) -> None:
        """Acknowledge a complete entry that the head does not cover.

        Writes it again first: after a failed sync, it may be in the page cache only.
        """
        raw = read_from(self._files, self._descriptor, self.path, end - self.end, self.end)
        self._files.write(self._descriptor, raw, self.end)
        sync_file(self._files, self._descriptor)
        _events.info(
            "took over the entry at offset %d of %s, whole and unacknowledged", self.end, self.path
        )
        self._acknowledge(end)

    def _read_head(self) -> int:
        head = read_from(self._files, self._descriptor, self.path, _HEAD_LEN, 0)
        ends: list[int] = []
        for offset in _SLOT_OFFSETS:
            _, end = _SLOT.unpack_from(head.ljust(_HEAD_LEN, b"\0"), offset)
            slot = _slot(self.identity, end)
            ends.append(end if head[offset : offset + len(slot)] == slot else -1)
        if max(ends) < 0:
            raise self._corrupt(self._mistaken_identity(head) or "its head is damaged")
        self._slot = ends.index(min(ends))
        return max(ends)

    def _mistaken_identity(self, head: bytes) -> str:
        """Which other log this is, according to its head; empty if it is not another one."""
        store, log, _ = _IDENTITY.unpack_from(head.ljust(_HEAD_LEN, b"\0"), _IDENTITY_OFFSET)
        if head[: len(_SLOT_MAGIC)] != _SLOT_MAGIC or log == self.identity.log:
            return ""
        if store == self.identity.store:
            return "it is another log of this store, or of a copy of it"
        return "it is the log of another store"

    def _read_entry(self, offset: int) -> tuple[LogEntry, int]:
        header = read_from(self._files, self._descriptor, self.path, _ENTRY_LEN, offset)
        if len(header) < _ENTRY_LEN:
            raise _Damage("is cut short", blank=not any(header))
        fields, check = header[: _ENTRY.size], header[_ENTRY.size :]
        if check != self._check(fields, offset):
            blank = not any(header)  # the room that is reserved for the next one
            raise _Damage("has a header that does not match its checksum", blank=blank)
        magic, kind, placed_count, changed_count, account_count, length, checksum, record = (
            _ENTRY.unpack(fields)
        )
        start = offset + _ENTRY_LEN
        if length > self._files.size(self._descriptor) - start:
            raise _Damage("is cut short")
        body = read_from(self._files, self._descriptor, self.path, length, start)
        if len(body) != length:
            raise _Damage("is cut short")
        if magic != _ENTRY_MAGIC or zlib.crc32(body) != checksum:
            raise _Damage("does not match its checksum")
        try:
            placed, placed_len = AccountTable.decode(body, placed_count)
            changed, changed_len = AccountTable.decode(memoryview(body)[placed_len:], changed_count)
            placed.require_order()
            changed.require_order()
        except MalformedTable as error:
            raise _Damage(f"holds {error}") from None
        tables_len = placed_len + changed_len
        fits = tables_len + self._commitment_len == length
        if kind not in (_BLOCK_KIND, _ACCOUNTS_KIND) or not fits:
            raise _Damage("is of a kind that there is not")
        block = BlockRecord.decode(record) if kind == _BLOCK_KIND else None
        if block is not None and not block.is_plausible:
            raise _Damage("holds the record of a block that cannot be")
        return LogEntry(block, placed, changed, account_count, body[tables_len:]), start + length

    def _encode(self, entry: LogEntry) -> bytes:
        body = b"".join((*entry.placed.parts(), *entry.changed.parts(), entry.commitment))
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
        return _keyed_digest(fields, self.identity, offset)

    def _corrupt(self, what: str) -> StoreCorrupt:
        return StoreCorrupt(str(self.path), what)


class _Damage(Exception):
    """There is no complete entry. Whether that is corruption depends on the head.

    `blank`: nothing was ever written there.
    """

    def __init__(self, what: str, *, blank: bool = False) -> None:
        self.blank = blank
        super().__init__(what)


def _slot(identity: LogIdentity, end: int) -> bytes:
    fields = _SLOT.pack(_SLOT_MAGIC, end)
    return fields + _keyed_digest(fields, identity, 0)


def _keyed_digest(raw: bytes, identity: LogIdentity, offset: int) -> bytes:
    place = _IDENTITY.pack(*identity) + struct.pack("<Q", offset)
    return hashlib.blake2b(raw, digest_size=_CHECK_LEN, key=place).digest()
