"""Executing a whole group of like transactions by a batch handler, on columns.

    positions ──▶ gather accounts and arguments ──▶ fees ──▶ batch handler ──▶ rules ──▶ scatter
                                     │                │            │             │
                                     └── rows that do not fit leave the batch ───┘
                                                      ▼
                                      executed one by one, like any transaction

Guarantees: a row that stays in the batch to the end has exactly the effects and receipt that
executing it alone would have given; every failure, and everything rare, is left to that.
Needs: transactions of one shape, no two of which conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ..primitives import SYSTEM_PROGRAM_ID
from ..programs.kit import Layout, Program
from ..programs.kit.batch import AccountColumns, AccountRows, BatchContext, decode_column
from ..programs.kit.columns import Rows, equal_rows
from ..programs.kit.instruction import InstructionSpec
from ..programs.kit.parameters import AccountParameter, is_layout
from ..programs.kit.sysvars import Sysvars
from .account_columns import take_keys
from .block import SIGNER, WRITABLE, Block
from .interrupts import is_interrupt
from .limits import COMPUTE_UNITS_PER_INSTRUCTION
from .logs import LogCollector
from .program_set import ProgramSet
from .receipt import Detail
from .shapes import NO_PAYER_COLUMN, Shape, rows_of
from .shared_columns import Columns
from .working_set import WorkingSet

_LOW_HALF: Final = np.uint64(0xFFFF_FFFF)
_HALF_BITS: Final = np.uint64(32)

Positions = NDArray[np.int64]


class GroupRunner:
    """Executes groups of one block's transactions against its working set."""

    def __init__(
        self,
        block: Block,
        programs: ProgramSet,
        sysvars: Sysvars,
        accounts: WorkingSet,
        outcomes: Columns,
        details: dict[int, Detail],
    ) -> None:
        self.raising = False  # whether what a batch handler raises is shown, not worked around
        self._block = block
        self._sysvars = sysvars
        self._accounts = accounts
        self._fees = outcomes["fees"]
        self._compute_units = outcomes["compute_units"]
        self._details = details
        self._by_index = [programs.get(program_id) for program_id in block.program_ids]
        self._payer_owners = [bytes(p.id) for p in programs if p.pays_fees]

    def run(self, positions: Positions, shape: Shape) -> Positions:
        """Execute what can be; returns the positions that are left to be executed one by one."""
        program = self._by_index[shape.program]
        spec = None if program is None else self._spec(program, positions[0])
        if program is None or spec is None or spec.batch_handler is None:
            return positions
        if not _fits(spec, shape):
            return positions
        group = _Group(self._block, self._accounts, positions, shape, program)
        group.require_tag(spec.tag)
        group.charge_fees(self._payer_owners)
        context = BatchContext(group.rows, program.id, self._sysvars)
        try:
            group.call(spec, context)
        except BaseException as error:
            # Whatever it is, the scalar handler meets it too, and says which transaction did it.
            if self.raising or is_interrupt(error):
                raise
            return positions
        units = context.units + np.uint64(program.compute_units + spec.compute_units)
        group.rows.leave(units > np.uint64(COMPUTE_UNITS_PER_INSTRUCTION))
        group.check_rules()
        stayed = ~group.rows.left
        group.store(stayed)
        done = positions[stayed]
        self._fees[done] = self._block.fees[done]
        self._compute_units[done] = units[stayed]
        for row in np.flatnonzero(stayed).tolist() if context.logs else ():
            logs = LogCollector()
            for column in context.logs:
                logs.add(column[row])
            self._details[int(positions[row])] = Detail(logs=tuple(logs.lines))
        return positions[~stayed]

    def _spec(self, program: Program, position: int) -> InstructionSpec | None:
        columns = self._block.instructions
        call = int(columns.offsets[position])
        start, end = columns.data_offsets[call : call + 2].tolist()
        return program.find_instruction(columns.data[start:end].tobytes())


class _Group:
    """The rows of one call: accounts and data gathered, and what the handler made of them."""

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
        self._ids = rows_of(columns.accounts, starts, shape.account_count)
        self._data = rows_of(columns.data, columns.data_offsets[calls], shape.data_len)
        self._payers = block.payers[positions]
        self._charges = block.fees[positions]
        self._keys = block.key_rows
        self._accounts = accounts
        self._shape = shape
        self._program = program
        self._sources = [self._gather(column) for column in range(shape.account_count)]
        self._before = [source.lamports for source in self._sources]
        self._begun = self._before
        self._payer_after: NDArray[np.uint64] | None = None

    def _gather(self, column: int) -> AccountRows:
        ids = self._ids[:, column]
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

    def require_tag(self, tag: bytes) -> None:
        """Rows that call another instruction of the program leave."""
        wanted = np.frombuffer(tag, np.uint8)[None]
        self.rows.leave(~equal_rows(self._data[:, : len(tag)], wanted))

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
            self._sources[column].lamports = held - self._charges
        else:
            self._payer_after = held - self._charges
        self._begun = [source.lamports for source in self._sources]

    def call(self, spec: InstructionSpec, context: BatchContext) -> None:
        """Run the batch handler. Raises whatever it raises."""
        # A list of accounts that are left is empty: `_fits` sees to it.
        values: dict[str, Any] = {p.name: [] for p in spec.accounts if p.variadic}
        for parameter, source, ids in zip(spec.accounts, self._sources, self._ids.T, strict=False):
            values[parameter.name] = self._account_columns(spec, parameter, source, ids)
        offset = len(spec.tag)
        for argument in spec.arguments:
            size = cast(int, argument.codec.size)
            raw = self._data[:, offset : offset + size]
            values[argument.name] = decode_column(self.rows, argument.codec, raw)
            offset += size
        handler = spec.batch_handler
        assert handler is not None  # the caller looked
        handler(*[values.get(parameter.name, context) for parameter in spec.parameters])

    def _account_columns(
        self,
        spec: InstructionSpec,
        parameter: AccountParameter,
        source: AccountRows,
        ids: NDArray[np.uint32],
    ) -> AccountColumns:
        source.writable &= parameter.writable
        columns = AccountColumns(self.rows, source, None)
        if not is_layout(parameter.view_type):
            return columns
        layout = cast(type[Layout], parameter.view_type)
        _, owner = layout.owner_program or (spec.program_name, spec.program_id)
        self.rows.leave(~self._accounts.owned_by(ids, owner))
        return columns.as_layout(layout)

    def check_rules(self) -> None:
        """What a rule forbids, and accounts that would vanish, are for the scalar handler."""
        for half in (_low_half, _high_half):
            before = sum((half(column) for column in self._begun), np.uint64(0))
            after = sum((half(source.lamports) for source in self._sources), np.uint64(0))
            self.rows.leave(before != after)
        for ids, before, source in zip(self._ids.T, self._before, self._sources, strict=True):
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
        for ids, before, source in zip(self._ids.T, self._before, self._sources, strict=True):
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


def _fits(spec: InstructionSpec, shape: Shape) -> bool:
    """Whether calls of this shape have what the handler's signature asks for."""
    variadic = any(parameter.variadic for parameter in spec.accounts)
    fixed_count = len(spec.accounts) - variadic
    if shape.account_count < fixed_count or (variadic and shape.account_count > fixed_count):
        return False
    for parameter, flags in zip(spec.accounts, shape.flags, strict=False):
        if parameter.view_type.requires_signature and not flags & SIGNER:
            return False
        if parameter.view_type.requires_executable:
            return False
    size = len(spec.tag) + sum(cast(int, p.codec.size) for p in spec.arguments)
    return shape.data_len == size if spec.program.exact_data else shape.data_len >= size
