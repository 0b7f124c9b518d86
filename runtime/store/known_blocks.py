"""Finds the block of the history with a given input, to avoid running any block twice.

Keeps 16 bytes per block in memory, instead of its record of 112 bytes or a larger object; and a
checksum for every window of records, to verify the one record that is read. Built on the first
lookup, as many stores are opened without one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import StoreCorrupt
from ..state.block_record import RECORD_LEN, BlockRecord
from .history import WINDOW_RECORDS, History

_HASH_OFFSET: Final = 8  # of the input hash in a record
# Only the first bytes of the hash are kept: the block that they find is then compared in full.
_RECORD: Final = np.dtype(
    {"names": ["start"], "formats": ["<u8"], "offsets": [_HASH_OFFSET], "itemsize": RECORD_LEN}
)


class KnownBlocks:
    """The blocks of a history by input. Raises StoreCorrupt if the history is damaged."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._loaded = False
        self._count = 0
        self._starts: NDArray[np.uint64] = np.zeros(0, np.uint64)  # of input hashes, ascending
        self._places: NDArray[np.int64] = np.zeros(0, np.int64)  # of their records
        self._checksums: list[int] = []  # of windows of records

    def find(self, input_hash: bytes) -> BlockRecord | None:
        """The last block with this input."""
        self._load()
        wanted = np.uint64(int.from_bytes(input_hash[:8], "little"))
        first = int(self._starts.searchsorted(wanted, side="left"))
        end = int(self._starts.searchsorted(wanted, side="right"))
        for place in sorted(self._places[first:end].tolist(), reverse=True):
            record = self._record(place)
            if record.input_hash == input_hash:
                return record
        return None

    def extend(self, records: Sequence[BlockRecord]) -> None:
        """Add records that were appended to the history."""
        if self._loaded and records:
            self._take([b"".join([record.encode() for record in records])])

    def _load(self) -> None:
        if self._loaded:
            return
        self._count = 0
        self._checksums.clear()
        self._take(self._history.windows())
        self._loaded = True

    def _take(self, parts: Iterable[bytes]) -> None:
        starts = [self._starts]
        for raw in parts:
            starts.append(np.frombuffer(raw, _RECORD)["start"].copy())
            self._sum_up(memoryview(raw))
        joined = np.concatenate(starts)
        places = np.concatenate((self._places, np.arange(len(self._places), self._count)))
        # All but the end is sorted, for which a stable sort takes linear time.
        order = np.argsort(joined, kind="stable")
        self._starts, self._places = joined[order], places[order]

    def _sum_up(self, raw: memoryview) -> None:
        """Add the checksums of records that follow the known ones."""
        while raw:
            filled = self._count % WINDOW_RECORDS
            part = raw[: (WINDOW_RECORDS - filled) * RECORD_LEN]
            if filled:
                self._checksums[-1] = zlib.crc32(part, self._checksums[-1])
            else:
                self._checksums.append(zlib.crc32(part))
            self._count += len(part) // RECORD_LEN
            raw = raw[len(part) :]

    def _record(self, place: int) -> BlockRecord:
        number, at = divmod(place, WINDOW_RECORDS)
        raw = self._history.window(number * WINDOW_RECORDS)
        if zlib.crc32(raw) != self._checksums[number]:
            raise StoreCorrupt(
                str(self._history.path),
                f"the record of block {place + 1:,} does not match its checksum",
            )
        return BlockRecord.decode(raw[at * RECORD_LEN : (at + 1) * RECORD_LEN])
