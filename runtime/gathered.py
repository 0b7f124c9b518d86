"""The rows of a group: accounts and arguments gathered as columns, and what became of them.

A row *leaves* where something rare or forbidden is met; it is then executed one by one, and what
was computed for it here is dropped. `store` writes only the rows that stayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ..primitives import SYSTEM_PROGRAM_ID
from ..programs.kit import Layout, Program
from ..programs.kit.batch import AccountRows, decode_column
from ..programs.kit.columns import Rows, equal_rows
from ..programs.kit.instruction import InstructionSpec
from ..programs.kit.parameters import is_layout
from .account_columns import take_keys
from .block import SIGNER, WRITABLE, Block
from .shapes import NO_PAYER_COLUMN, Shape, rows_of
from .working_set import WorkingSet

_LOW_HALF: Final = np.uint64(0xFFFF_FFFF)
_HALF_BITS: Final = np.uint64(32)

Positions = NDArray[np.int64]


class GatheredRows:
    """The transactions of one group, a row each; see the module's docstring.

    `ids` uint32[n, A]: their accounts; `sources`: each account's columns; `rows`: who has left.
    """

    def __init__(
        self,
        block: Block,
        accounts: WorkingSet,
        positions: Positions,
        shape: Shape,
        program: Program,
    ) -> None:
        columns = block.instructions
        calls = columns.offsets[positions]
        starts = columns.account_offsets[calls]
        self.rows = Rows(len(positions))
        self.ids = rows_of(columns.accounts, starts, shape.account_count)
        self._data = rows_of(columns.data, columns.data_offsets[calls], shape.data_len)
        self._payers = block.payers[positions]
        self._charges = block.fees[positions]
        self._keys = block.key_rows
        self._accounts = accounts
        self._shape = shape
        self._program = program
        self.sources = [self._gather(column) for column in range(shape.account_count)]
        self._before = [source.lamports for source in self.sources]
        self._begun = self._before
        self._payer_after: NDArray[np.uint64] | None = None

    def _gather(self, column: int) -> AccountRows:
        ids = self.ids[:, column]
        accounts = self._accounts
        flags = self._shape.flags[column]
        # Programs and other executable accounts have rules of their own.
        self.rows.leave(accounts.columns["executable"][ids] != 0)
        return AccountRows(
            lamports=accounts.columns["lamports"][ids],
            owned=accounts.owned_by(ids, self._program.id),
            data_lens=accounts.columns["data_lens"][ids],
            reachable=accounts.readable_rows(ids),
            load_keys=lambda: self._keys(ids),
            load_owners=lambda: take_keys(accounts.columns["owners"], ids),
            load_data=lambda offset, size: accounts.read_rows(ids, offset, size),
            signer=bool(flags & SIGNER),
            writable=bool(flags & WRITABLE),
        )

    def charge_fees(self, payer_owners: Sequence[bytes]) -> None:
        """Debit the payers; rows whose payer cannot pay leave."""
        column = self._shape.payer_column
        if column == NO_PAYER_COLUMN:
            self.rows.leave(self._charges != 0)
            return
        held = self._accounts.columns["lamports"][self._payers]
        able = np.zeros(self.rows.count, dtype=np.bool_)
        for owner in payer_owners:
            able |= self._accounts.owned_by(self._payers, owner)
        self.rows.leave((self._charges != 0) & ((held < self._charges) | ~able))
        if column < self._shape.account_count:
            self.sources[column].lamports = held - self._charges
        else:
            self._payer_after = held - self._charges
        self._begun = [source.lamports for source in self.sources]

    def arguments(self, spec: InstructionSpec) -> dict[str, Any]:
        """Columns of the instruction's arguments, by name."""
        columns: dict[str, Any] = {}
        offset = len(spec.tag)
        for argument in spec.arguments:
            size = cast(int, argument.codec.size)
            raw = self._data[:, offset : offset + size]
            columns[argument.name] = decode_column(self.rows, argument.codec, raw)
            offset += size
        return columns

    def bind(self, spec: InstructionSpec) -> None:
        """Take the handler's rights and layouts into account; rows that do not fit leave."""
        for parameter, source, ids in zip(spec.accounts, self.sources, self.ids.T, strict=False):
            source.writable &= parameter.writable
            if not is_layout(parameter.view_type):
                continue
            layout = cast(type[Layout], parameter.view_type)
            _, owner = layout.owner_program or (spec.program_name, spec.program_id)
            self.rows.leave(~self._accounts.owned_by(ids, owner))
            self.rows.leave((source.data_lens < layout.layout_size) | ~source.reachable)
            if layout.discriminator:
                mark = np.frombuffer(layout.discriminator, dtype=np.uint8)
                self.rows.leave(~equal_rows(source.load_data(0, len(mark)), mark[None]))

    def check_rules(self) -> None:
        """What a rule forbids, and accounts that would vanish, are for the scalar handler."""
        for half in (_low_half, _high_half):
            before = sum((half(column) for column in self._begun), np.uint64(0))
            after = sum((half(source.lamports) for source in self.sources), np.uint64(0))
            self.rows.leave(before != after)
        for ids, before, source in zip(self.ids.T, self._before, self.sources, strict=True):
            self._check_vanished(ids, before, source.lamports)
        if self._payer_after is not None:
            before = self._accounts.columns["lamports"][self._payers]
            self._check_vanished(self._payers, before, self._payer_after)

    def _check_vanished(
        self, ids: NDArray[Any], before: NDArray[np.uint64], after: NDArray[np.uint64]
    ) -> None:
        """An emptied account is reset when its transaction ends; one without data is so already."""
        emptied = (after == 0) & (before != 0)
        if emptied.any():
            bare = self._accounts.owned_by(ids, SYSTEM_PROGRAM_ID)
            bare &= self._accounts.columns["data_lens"][ids] == 0
            self.rows.leave(emptied & ~bare)

    def store(self, stayed: NDArray[np.bool_]) -> None:
        """Write what the rows that stayed changed."""
        lamports = self._accounts.columns["lamports"]
        for ids, before, source in zip(self.ids.T, self._before, self.sources, strict=True):
            kept = ids[stayed]
            if source.lamports is not before:
                lamports[kept] = source.lamports[stayed]
            for offset, raw in source.written.items():
                self._accounts.write_rows(kept, offset, raw[stayed])
        if self._payer_after is not None:
            lamports[self._payers[stayed]] = self._payer_after[stayed]


def _low_half(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sums are compared half by half: over eight accounts neither half can wrap."""
    return values & _LOW_HALF


def _high_half(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return values >> _HALF_BITS
