"""Account columns that can grow and are written in place. They hold the committed state."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account
from ...primitives.pubkey import PUBKEY_LEN
from .account_columns import AccountColumns
from .data_heap import gather, padded_lens, scatter, starts_of
from .huge_pages import huge_page_zeros

_ROWS_MIN: Final = 1024
_OWNER: Final = np.dtype((np.void, PUBKEY_LEN))
_GARBAGE_LEN_MIN: Final = 1 << 20  # bytes of holes below which the heap is not compacted


class GrowingColumns:
    """Rows of accounts. `present` bool[capacity]; `columns` has `capacity` rows, too.

    A row that was never put is an empty account: all zeros, which is also the system program's key.

    Data that fits in place of the row's previous data is written there, other data at the end of
    the heap. When half of the heap consists of holes, it is compacted.
    """

    def __init__(self) -> None:
        self.present = np.zeros(0, dtype=np.bool_)
        self.columns = AccountColumns.of([])
        self._capacities = np.zeros(0, dtype=np.int64)
        self._heap_len = 0
        self._garbage_len = 0
        self.reserve(_ROWS_MIN)

    def reserve(self, rows: int) -> None:
        """Make room for this many rows. New rows are not present."""
        before = len(self.present)
        if rows <= before:
            return
        capacity = max(rows, 2 * before)
        old = self.columns
        self.present = _extended(self.present, capacity)
        self._capacities = _extended(self._capacities, capacity)
        self.columns = AccountColumns(
            _extended(old.lamports, capacity),
            _extended(old.owners, capacity),
            _extended(old.executable, capacity),
            _extended(old.data_starts, capacity),
            _extended(old.data_lens, capacity),
            old.heap,
        )

    def get(self, row: int) -> Account:
        return self.columns[row]

    def put(self, rows: NDArray[np.int64], states: AccountColumns) -> None:
        """Replace these rows, each named once."""
        if self._garbage_len > max(_GARBAGE_LEN_MIN, self._heap_len // 2):
            self._collect()  # first, as it trims each row's room to the length of its data
        own = self.columns
        self.present[rows] = True
        own.lamports[rows] = states.lamports
        # As items of 32 bytes: numpy takes four times as long for rows.
        own.owners.view(_OWNER)[rows, 0] = np.ascontiguousarray(states.owners).view(_OWNER)[:, 0]
        own.executable[rows] = states.executable
        room = padded_lens(states.data_lens)
        moving = np.flatnonzero(room > self._capacities[rows])
        if len(moving):
            self._move(rows[moving], room[moving])
        own.data_lens[rows] = states.data_lens
        scatter(states.heap, states.data_starts, own.heap, own.data_starts[rows], states.data_lens)

    def copy(self) -> GrowingColumns:
        copied = GrowingColumns()
        own = self.columns
        copied.present = self.present.copy()
        copied.columns = AccountColumns(
            own.lamports.copy(),
            own.owners.copy(),
            own.executable.copy(),
            own.data_starts.copy(),
            own.data_lens.copy(),
            own.heap.copy(),
        )
        copied._capacities = self._capacities.copy()
        copied._heap_len = self._heap_len
        copied._garbage_len = self._garbage_len
        return copied

    def _move(self, rows: NDArray[np.int64], room: NDArray[np.int64]) -> None:
        """Allocate new places for these rows' data at the end of the heap."""
        self._garbage_len += int(self._capacities[rows].sum())
        self.columns.data_starts[rows] = self._heap_len + starts_of(room)
        self._capacities[rows] = room
        self._heap_len += int(room.sum())
        heap = self.columns.heap
        if self._heap_len > len(heap):
            self.columns.heap = _extended(heap, max(self._heap_len, 2 * len(heap)))

    def _collect(self) -> None:
        """Compact the heap: copy the data in use to a new one."""
        own = self.columns
        own.heap = gather(own.heap, own.data_starts, own.data_lens)
        own.data_starts = starts_of(own.data_lens)
        self._capacities = padded_lens(own.data_lens)
        self._heap_len = len(own.heap)
        self._garbage_len = 0


def _extended(column: NDArray[Any], length: int) -> NDArray[Any]:
    """The column extended with zeros, which take no memory until they are written."""
    extended = huge_page_zeros((length, *column.shape[1:]), column.dtype)
    extended[: len(column)] = column
    return extended
