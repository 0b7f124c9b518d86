"""One account parameter of a group: its accounts as columns, each gathered on first access."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ....programs.kit.accounts.added_record import LAMPORTS, Place
from ....programs.kit.batch.batch import AccountRows
from ...block.block import Block
from ...columns.key_rows import are_key, only_key
from ...memory.data_places import DataPlaces, RowChoice
from ...memory.grouped_sums import HALF_OF_U64
from ...memory.working_set import WorkingSet


class GatheredAccount(AccountRows):
    """The accounts `ids` uint32[n]: their states when the group begins, and its changes."""

    def __init__(
        self,
        block: Block,
        accounts: WorkingSet,
        ids: NDArray[np.uint32],
        *,
        adds: bool = False,
    ) -> None:
        super().__init__(adds=adds)
        self.ids = ids
        held: NDArray[np.uint64] = accounts.columns["lamports"].take(ids)
        self.held = np.zeros_like(held) if adds else held  # of an added one, what a row added
        self.held.flags.writeable = False  # the rules compare with this
        self.lamports = self.begun = self.held
        self._block = block
        self._accounts = accounts

    def charge(self, fees: NDArray[np.uint64]) -> None:
        """Take the fees before the instruction begins. Rows that hold less wrap around."""
        self.lamports = self.begun = self.held - fees
        self.begun.flags.writeable = False

    def load_keys(self) -> NDArray[np.uint8]:
        return self._block.key_rows(self.ids)

    def load_owners(self) -> NDArray[np.uint8]:
        return self._accounts.owners_of(self.ids)

    def load_data_lens(self) -> NDArray[np.int64]:
        return self._accounts.columns["data_lens"].take(self.ids)

    @cached_property
    def only_owner(self) -> Pubkey | None:
        """The owner of all the accounts, if they have the same one."""
        return only_key(self.owners)

    def owned_by(self, program_id: bytes) -> NDArray[np.bool_] | bool:
        return are_key(self.owners, self.only_owner, program_id)

    def holds(self, size: int) -> NDArray[np.bool_]:
        return (self.data_lens >= size) & self.places.reachable

    def load_data(self, offset: int, size: int) -> NDArray[np.uint8]:
        return self.places.read(offset, size)

    @cached_property
    def places(self) -> DataPlaces:
        return self._accounts.places_of(self.ids)

    def overflows(self, place: Place, added: NDArray[np.uint64]) -> NDArray[np.bool_]:
        held = self._accounts.held_rows(self.ids, place)
        reached = held + added
        if self._accounts.ordered:
            return reached < held
        return (reached | held | added) >= HALF_OF_U64

    def store(self, rows: RowChoice) -> None:
        """Write the changes of these rows to the working set. Raises AddsDoubtful."""
        ids = self.ids[rows]
        if self.adds:
            for place, added in ((LAMPORTS, self.lamports), *self.sums.items()):
                if added is not self.held:
                    self._accounts.add_rows(ids, place, added[rows])
            return
        if self.lamports is not self.held:
            self._accounts.columns["lamports"][ids] = self.lamports[rows]
        for offset, raw in self.written.items():
            self.places.write(rows, offset, raw)
        if self.written:
            spans = [(offset, raw.shape[1]) for offset, raw in self.written.items()]
            self._accounts.note_written(ids, spans)
