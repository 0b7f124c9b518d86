"""The accounts of one block in memory that lanes share, written in place.

A working set is loaded from committed state and discarded after the block, so a process that dies
in between has changed nothing that was committed. The plan guarantees that each account has one
writer at a time, and that readers in other processes wait for the write.

Per account id, K in all:
    lamports uint64[K], owners uint8[K,32], executable uint8[K],
    data_starts int64[K] (heap number << 40 | offset), data_lens, data_capacities int64[K],
    data_changed uint8[K], versions uint32[K+1]
Heap 0 holds the data as loaded. Data that outgrows its place moves to a heap of the lane that grew
it. Shared heaps are files that are named by number, so that any lane can find them.
`data_changed` says where an account's data was written: 0 nowhere, 1 anywhere, 2 + w only in its
word w, a word being 8 bytes. An account's version is incremented whenever `store` changes its
owner, data length or executable flag, so that a row loop that read these before notices.
versions[K] is 1 once any version was incremented.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from ...programs.kit import ACCOUNT_DATA_LEN_MAX
from ...programs.kit.accounts.added_record import (
    LAMPORTS,
    AddsDoubtful,
    Place,
    added_to,
    held_at,
)
from ...programs.kit.columns.row_equality import equal_rows
from ..columns.account_columns import (
    AccountColumns,
    ChangedAccounts,
)
from ..columns.data_heap import HEAP_ALIGNMENT, differing, gather, padded_lens, starts_of
from ..columns.key_order import key_order
from ..columns.ragged import take_keys
from ..columns.shared_columns import Columns, scalar_view
from .data_places import DataPlaces
from .fence import fence
from .grouped_sums import HALF_OF_U64, grouped_sums
from .lane_sums import LaneSums
from .segment import attach_segment, create_segment

_HEAP_SHIFT: Final = 40
_OFFSET_MASK: Final = (1 << _HEAP_SHIFT) - 1
_LANES_MAX: Final = 1 << 12
_GROWN_HEAP_LEN: Final = 4 * 1024 * 1024
_WORD: Final = HEAP_ALIGNMENT
ANYWHERE: Final = 1  # in `data_changed`
_FIRST_WORD: Final = 2
_WORDS_MAX: Final = 256 - _FIRST_WORD


class Heaps(NamedTuple):
    """The files of shared heaps, for data that outgrows its place: `folder`/`prefix`-number."""

    folder: Path
    prefix: str

    def path(self, number: int) -> Path:
        return self.folder / f"{self.prefix}-{number}"

    def remove(self) -> None:
        """Remove the files. Their memory is freed with the last array over it."""
        for heap in self.folder.glob(f"{self.prefix}-*"):
            heap.unlink(missing_ok=True)


class LiveColumns(NamedTuple):
    """Columns of a working set as memoryviews, to read and write single accounts quickly."""

    lamports: memoryview
    heap: memoryview  # heap 0
    data_changed: memoryview
    versions: memoryview


class WorkingSet:
    """An AccountSource over memory that lanes share. `lane`: the number of the lane that uses it.
    `heaps`: None if there is only one process. `ordered`: whether adds to one account come in file
    order; see AddedRecord."""

    def __init__(
        self, columns: Columns, lane: int, heaps: Heaps | None, *, ordered: bool = True
    ) -> None:
        if not 0 <= lane < _LANES_MAX:
            raise ValueError(f"lane {lane} is outside 0 … {_LANES_MAX - 1}")
        self.columns = columns
        self.ordered = ordered
        self._shared_heaps = heaps
        self._lamports = scalar_view(columns["lamports"])
        self._owners = scalar_view(columns["owners"].reshape(-1))
        self._executable = scalar_view(columns["executable"])
        self._starts = scalar_view(columns["data_starts"])
        self._lens = scalar_view(columns["data_lens"])
        self._capacities = scalar_view(columns["data_capacities"])
        self._changed = scalar_view(columns["data_changed"])
        self._heaps: dict[int, memoryview] = {0: scalar_view(columns["heap"]).cast("B")}
        self._versions = scalar_view(columns["versions"])
        self.live = LiveColumns(self._lamports, self._heaps[0], self._changed, self._versions)
        self._known_owners: dict[bytes, Pubkey] = {}
        self._lane = lane
        self._lane_sums = LaneSums(columns, lane) if "aside" in columns else None
        self._grown_number = 0
        self._grown_used = 0
        self._grown_len = 0

    @property
    def grew(self) -> bool:
        """Whether this lane made heaps."""
        return self._grown_number > 0

    @staticmethod
    def columns_of(states: Sequence[Account]) -> Columns:
        """These states, one per account id, as the columns of a working set."""
        columns = AccountColumns.of(states)
        return {
            "lamports": columns.lamports,
            "owners": columns.owners,
            "executable": columns.executable,
            "data_starts": columns.data_starts,
            "data_lens": columns.data_lens,
            "data_capacities": padded_lens(columns.data_lens),
            "data_changed": np.zeros(len(columns), dtype=np.uint8),
            "versions": np.zeros(len(columns) + 1, dtype=np.uint32),
            "heap": columns.heap,
        }

    def load(self, account: int) -> Account:
        if self._lane_sums is not None and account in self._lane_sums:
            self._fold(account)
        return self.load_to_add(account)

    def load_to_add(self, account: int) -> Account:
        length = self._lens[account]
        data = b""
        if length:
            heap, offset = self._locate(self._starts[account], length)
            data = heap[offset : offset + length].tobytes()
        return Account(
            self._lamports[account], self._owner(account), data, bool(self._executable[account])
        )

    def store(self, account: int, state: Account) -> None:
        self._lamports[account] = state.lamports
        if (
            self._owner(account) != state.owner
            or self._lens[account] != len(state.data)
            or self._executable[account] != state.executable
        ):
            start = account * PUBKEY_LEN
            self._owners[start : start + PUBKEY_LEN] = state.owner
            self._executable[account] = state.executable
            self._store_data(account, state.data)
            # Last: a reader that sees the new version must see all the changes.
            fence()
            self._versions[account] += 1
            self._versions[-1] = 1
        else:
            self._store_data(account, state.data)

    def add(self, account: int, lamports: int, sums: Mapping[Place, int]) -> None:
        if self._lane_sums is not None and account in self._lane_sums:
            for place, amount in ((LAMPORTS, lamports), *sums.items()):
                self._lane_sums.add(account, place, amount)
            return
        self._lamports[account] += lamports
        for (offset, width), total in sums.items():
            heap, at = self._locate(self._starts[account] + offset, width)
            reached = int.from_bytes(heap[at : at + width], "little") + total
            heap[at : at + width] = reached.to_bytes(width, "little")
            self._changed[account] = ANYWHERE

    def fold_all(self) -> None:
        """Fold what lanes have added to their own sums; they must be done. Raises AddsDoubtful."""
        if self._lane_sums is not None:
            for account in self._lane_sums.accounts():
                self._fold(account)

    def _fold(self, account: int) -> None:
        """Add to an account what the lanes have added to it. Raises AddsDoubtful."""
        assert self._lane_sums is not None  # it is set aside
        taken = self._lane_sums.take(account)
        if not taken:
            return
        before = self.load_to_add(account)
        for place, total in taken.items():
            held = before.lamports if place == LAMPORTS else held_at(before.data, place)
            if (held + total) >> (8 * place.width - 1):
                raise AddsDoubtful(account)
        sums = {place: total for place, total in taken.items() if place != LAMPORTS}
        self.store(account, added_to(before, taken.get(LAMPORTS, 0), sums))

    # Vectorized access, for groups of transactions: `ids` is an array of n account ids.

    def owners_of(self, ids: NDArray[Any]) -> NDArray[np.uint8]:
        """uint8[n, 32]: the key of each account's owner."""
        return take_keys(self.columns["owners"], ids)

    def places_of(self, ids: NDArray[Any]) -> DataPlaces:
        """The places of the accounts' data. Only data in heap 0 is reachable."""
        return DataPlaces(self.columns["heap"], self.columns["data_starts"].take(ids))

    def note_written(self, ids: NDArray[Any], spans: Iterable[tuple[int, int]]) -> None:
        """Note that the data of these accounts was written in place. `spans`: (offset, size)."""
        words = {at // _WORD for offset, size in spans for at in (offset, offset + size - 1)}
        word = min(words)
        mark = _FIRST_WORD + word if len(words) == 1 and word < _WORDS_MAX else ANYWHERE
        marks = self.columns["data_changed"]
        before = marks.take(ids)
        marks[ids] = np.where((before == 0) | (before == mark), mark, ANYWHERE)

    def held_rows(self, ids: NDArray[np.uint32], place: Place) -> NDArray[np.uint64]:
        """uint64[n]: the lamports of these accounts, or the u64 at a place of their data."""
        if place is LAMPORTS:
            return self.columns["lamports"].take(ids)
        raw = self.places_of(ids).read(place.offset, place.width)
        return np.ascontiguousarray(raw).view(np.uint64)[:, 0]

    def add_rows(self, ids: NDArray[np.uint32], place: Place, amounts: NDArray[np.uint64]) -> None:
        """Add `amounts` uint64[n] to the accounts `ids`, which may repeat if not `ordered`.

        Data must be in heap 0, and long enough. Raises AddsDoubtful.
        """
        if self._lane_sums is not None:
            aside = self._lane_sums.are_aside(ids)
            self._lane_sums.add_rows(ids[aside], place, amounts[aside])
            ids, amounts = ids[~aside], amounts[~aside]
        if place is LAMPORTS and self._certain(ids, amounts):
            np.add.at(self.columns["lamports"], ids, amounts)
            return
        accounts, totals, crowded = grouped_sums(ids, amounts)
        held = self.held_rows(accounts, place)
        reached = held + totals
        if not self.ordered:
            crowded |= (reached | held) >= HALF_OF_U64
            if crowded.any():
                raise AddsDoubtful(int(accounts[crowded][0]))
        if place is LAMPORTS:
            self.columns["lamports"][accounts] = reached
        else:
            raw = reached[:, None].view(np.uint8)
            self.places_of(accounts).write(slice(None), place.offset, raw)
            self.note_written(accounts, [place])

    def _certain(self, ids: NDArray[np.uint32], amounts: NDArray[np.uint64]) -> bool:
        """Whether no order of these adds can rise to half of the range: the usual case."""
        if not len(ids):
            return True
        most = int(self.columns["lamports"].take(ids).max()) + int(amounts.max()) * len(ids)
        return most < int(HALF_OF_U64)

    def changed(self, before: Sequence[Account], keys: NDArray[np.uint8]) -> ChangedAccounts:
        """The accounts whose state differs from `before`, with their new states.

        In the order of their `keys` uint8[K, 32], which a commit requires.
        """
        old = AccountColumns.of(before)
        differs = old.lamports != self.columns["lamports"]
        differs |= ~equal_rows(old.owners, self.columns["owners"])
        differs |= old.executable != self.columns["executable"]
        touched = self.columns["data_changed"].nonzero()[0]
        if len(touched):
            differs[touched] |= self._data_differs(touched, old)
        ids = differs.nonzero()[0]
        ids = ids[key_order(take_keys(keys, ids))]
        return ChangedAccounts(ids, self._take(ids))

    def _data_differs(self, ids: NDArray[np.int64], old: AccountColumns) -> NDArray[np.bool_]:
        """bool[n]: whether the data of each of these accounts, which were written, has changed."""
        marks = self.columns["data_changed"].take(ids)
        anywhere = marks == ANYWHERE
        if anywhere.all():
            return self._differs_anywhere(ids, old)
        # Data that was written in one word only has not moved.
        words = self.columns["data_starts"].take(ids) // _WORD + marks - _FIRST_WORD
        words[anywhere] = 0
        before, after = old.heap.view(np.uint64), self.columns["heap"].view(np.uint64)
        differs = before.take(words) != after.take(words)
        differs[anywhere] = self._differs_anywhere(ids[anywhere], old)
        return differs

    def _differs_anywhere(self, ids: NDArray[np.int64], old: AccountColumns) -> NDArray[np.bool_]:
        starts, lens = self.columns["data_starts"][ids], self.columns["data_lens"][ids]
        differs = lens != old.data_lens[ids]
        in_place = starts <= _OFFSET_MASK
        # Data that has not moved is at the same place in the old and the new heap.
        same = np.flatnonzero(~differs & in_place)
        differs[same] = differing(old.heap, self.columns["heap"], starts[same], lens[same])
        for row in np.flatnonzero(~differs & ~in_place).tolist():
            account = int(ids[row])
            differs[row] = self.load(account).data != old[account].data
        return differs

    def _take(self, ids: NDArray[np.int64]) -> AccountColumns:
        """Copies of these accounts, to outlive the working set."""
        columns = self.columns
        lens = columns["data_lens"].take(ids)
        starts = columns["data_starts"].take(ids)
        moved = np.flatnonzero(starts > _OFFSET_MASK)
        heap = columns["heap"]
        if len(moved):
            # Data that grew is in other heaps: append it to a copy of heap 0.
            parts = [AccountColumns.of([self.load(int(ids[row])) for row in moved.tolist()])]
            starts = starts.copy()
            starts[moved] = parts[0].data_starts + len(heap)
            heap = np.concatenate((heap, parts[0].heap))
        return AccountColumns(
            columns["lamports"].take(ids),
            take_keys(columns["owners"], ids),
            columns["executable"].take(ids),
            starts_of(lens),
            lens,
            gather(heap, starts, lens),
        )

    def _owner(self, account: int) -> Pubkey:
        start = account * PUBKEY_LEN
        raw = self._owners[start : start + PUBKEY_LEN].tobytes()
        owner = self._known_owners.get(raw)
        if owner is None:
            owner = self._known_owners[raw] = Pubkey(raw)
        return owner

    def _store_data(self, account: int, data: bytes) -> None:
        length = len(data)
        if length == 0 and self._lens[account] == 0:
            return
        if length > self._capacities[account]:
            # Twice the room, so that data which grows byte by byte does not move each time.
            room = max(length, min(2 * self._capacities[account], ACCOUNT_DATA_LEN_MAX))
            self._starts[account] = self._allocate(room)
            self._capacities[account] = room
        start = self._starts[account]
        heap, offset = self._locate(start, length)
        heap[offset : offset + length] = data
        padding = -length % HEAP_ALIGNMENT
        if padding and start <= _OFFSET_MASK:
            # `changed` compares whole words: clear the rest of longer data.
            heap[offset + length : offset + length + padding] = bytes(padding)
        self._lens[account] = length
        self._changed[account] = ANYWHERE

    def _locate(self, start: int, length: int) -> tuple[memoryview, int]:
        number = start >> _HEAP_SHIFT
        offset = start & _OFFSET_MASK
        heap = self._heaps.get(number)
        if heap is None:
            assert self._shared_heaps is not None  # without shared heaps, this process made all
            # Fails if the file was truncated, instead of returning less data.
            memory = attach_segment(self._shared_heaps.path(number), offset + length)
            heap = self._heaps[number] = memoryview(memory)
        return heap, offset

    def _allocate(self, length: int) -> int:
        """A place for `length` bytes in a heap that only this lane writes new data to."""
        if self._grown_used + length > self._grown_len:
            number = 1 + self._lane + self._grown_number * _LANES_MAX
            self._grown_number += 1
            self._grown_len = max(_GROWN_HEAP_LEN, length)
            self._heaps[number] = memoryview(self._new_heap(number, self._grown_len))
            self._grown_used = 0
        number = 1 + self._lane + (self._grown_number - 1) * _LANES_MAX
        start = number << _HEAP_SHIFT | self._grown_used
        self._grown_used += -(-length // HEAP_ALIGNMENT) * HEAP_ALIGNMENT
        return start

    def _new_heap(self, number: int, length: int) -> mmap.mmap:
        if self._shared_heaps is None:
            return mmap.mmap(-1, length)
        return create_segment(self._shared_heaps.path(number), length)
