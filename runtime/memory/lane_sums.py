"""What each lane has added to the accounts that several lanes add to at the same time.

Every lane adds to sums of its own, so no two lanes ever write the same memory. Whoever is the first
to read or write such an account afterwards *folds* it: adds the sums of all lanes to the account,
and clears them. The plan orders that transaction after all adds and before all others.

For the S accounts of L lanes, in shared memory:
    aside uint32[S]         their ids
    aside_slot_of int32[K]  the index of each account among them; -1 for all others
    aside_lamports uint64[L, S]
    aside_offsets int64[S+1], aside_sums uint8[L, D], aside_widths uint8[L, D]
`aside_sums` has room for the account's data: a sum stands where the field stands in the data, and
`aside_widths` has its bytes there; 0 where nothing was added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...programs.kit.accounts.added_record import LAMPORTS, AddsDoubtful, Place
from ..columns.ragged import offsets_of
from ..columns.shared_columns import Columns
from .grouped_sums import HALF_OF_U64, grouped_sums

ASIDE_DATA_LEN_MAX: Final = 4096  # bytes of data of an account that lanes add to at the same time
ASIDE_DATA_TOTAL_MAX: Final = 1 << 20  # of all such accounts of a block; each lane has it twice


def aside_columns(aside: NDArray[np.uint32], accounts: Columns, lane_count: int) -> Columns:
    """The columns for these accounts, beside `accounts`, the columns of the working set."""
    lens = accounts["data_lens"].take(aside)
    slot_of = np.full(len(accounts["lamports"]), -1, dtype=np.int32)
    slot_of[aside] = np.arange(len(aside), dtype=np.int32)
    offsets = offsets_of(lens)
    return {
        "aside": aside,
        "aside_slot_of": slot_of,
        "aside_lamports": np.zeros((lane_count, len(aside)), dtype=np.uint64),
        "aside_offsets": offsets,
        "aside_sums": np.zeros((lane_count, int(offsets[-1])), dtype=np.uint8),
        "aside_widths": np.zeros((lane_count, int(offsets[-1])), dtype=np.uint8),
    }


class LaneSums:
    """The sums of all lanes. `lane`, counted from 1, is the one that adds; 0 only folds."""

    def __init__(self, columns: Columns, lane: int) -> None:
        self._ids = columns["aside"]
        self._slots = {account: slot for slot, account in enumerate(self._ids.tolist())}
        self._slot_of = columns["aside_slot_of"]
        self._all_lamports = columns["aside_lamports"]
        self._all_sums, self._all_widths = columns["aside_sums"], columns["aside_widths"]
        self._offsets: list[int] = columns["aside_offsets"].tolist()
        self._lamports = self._all_lamports[lane - 1]
        self._sums, self._widths = self._all_sums[lane - 1], self._all_widths[lane - 1]

    def __contains__(self, account: int) -> bool:
        return account in self._slots

    def are_aside(self, ids: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """bool[n]: whether lanes add to each of these accounts at the same time."""
        return self._slot_of.take(ids) >= 0

    def add(self, account: int, place: Place, amount: int) -> None:
        """Add to the lane's own sum. Raises AddsDoubtful if it has no room."""
        slot = self._slots[account]
        if place == LAMPORTS:
            total = int(self._lamports[slot]) + amount
            if total >= HALF_OF_U64:
                raise AddsDoubtful(account)
            self._lamports[slot] = total
            return
        at, end = self._offsets[slot] + place.offset, self._offsets[slot + 1]
        raw = self._sums[at : at + place.width]
        total = int.from_bytes(raw.tobytes(), "little") + amount
        if at + place.width > end or total >> (8 * place.width - 1):
            raise AddsDoubtful(account)
        raw[:] = np.frombuffer(total.to_bytes(place.width, "little"), dtype=np.uint8)
        self._widths[at] = place.width

    def add_rows(self, ids: NDArray[np.uint32], place: Place, amounts: NDArray[np.uint64]) -> None:
        """Add `amounts` uint64[n] to accounts that are aside, which may repeat."""
        accounts, totals, crowded = grouped_sums(ids, amounts)
        if crowded.any():
            raise AddsDoubtful(int(accounts[crowded][0]))
        for account, total in zip(accounts.tolist(), totals.tolist(), strict=True):
            self.add(account, place, total)

    def take(self, account: int) -> Mapping[Place, int]:
        """What all lanes have added, which is then cleared."""
        slot = self._slots[account]
        taken: dict[Place, int] = {}
        lamports: list[int] = self._all_lamports[:, slot].tolist()
        if any(lamports):
            taken[LAMPORTS] = sum(lamports)
            self._all_lamports[:, slot] = 0
        span = slice(*self._offsets[slot : slot + 2])
        widths = self._all_widths[:, span]
        for lane, offset in np.argwhere(widths).tolist():
            place = Place(offset, int(widths[lane, offset]))
            raw = self._all_sums[lane, span][offset : offset + place.width]
            taken[place] = taken.get(place, 0) + int.from_bytes(raw.tobytes(), "little")
        if taken:
            widths[:] = 0
            self._all_sums[:, span] = 0
        return taken

    def accounts(self) -> list[int]:
        """The ids of all accounts that are aside."""
        return list(self._slots)
