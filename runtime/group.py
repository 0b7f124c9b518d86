"""Executing a whole group of like transactions at once.

    positions ──▶ gather accounts and arguments ──▶ fees ──▶ handler ──▶ rules ──▶ scatter
                                     │                │         │          │
                                     └── rows that do not fit leave the group
                                                      ▼
                                      executed one by one, like any transaction

The handler is the batch handler, called once on columns; or, where there is none, the scalar
handler in a tight loop on reused views. Guarantees: a row that stays in the group to the end has
exactly the effects and receipt that executing it alone would have given; every failure, and
everything rare, is left to that.
Needs: transactions of one shape, no two of which conflict.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from ..programs.kit import Layout, Program
from ..programs.kit.batch import AccountColumns, BatchContext
from ..programs.kit.instruction import InstructionSpec
from ..programs.kit.parameters import is_layout
from ..programs.kit.sysvars import Sysvars
from .block import SIGNER, Block
from .gathered import GatheredRows, Positions
from .interrupts import is_interrupt
from .limits import COMPUTE_UNITS_PER_INSTRUCTION
from .logs import LogCollector
from .program_set import ProgramSet
from .progress import ProgressCell
from .receipt import Detail
from .row_loop import run_rows, runs_in_rows
from .shapes import Shape
from .shared_columns import Columns
from .working_set import WorkingSet


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
        progress: ProgressCell,
    ) -> None:
        self.raising = False  # whether what a batch handler raises is shown, not worked around
        self._block = block
        self._sysvars = sysvars
        self._accounts = accounts
        self._fees = outcomes["fees"]
        self._compute_units = outcomes["compute_units"]
        self._details = details
        self._progress = progress
        self._by_index = [programs.get(program_id) for program_id in block.program_ids]
        self._payer_owners = [bytes(p.id) for p in programs if p.pays_fees]

    def run(self, positions: Positions, shape: Shape) -> Positions:
        """Execute what can be; returns the positions that are left to be executed one by one."""
        program = self._by_index[shape.program]
        spec = None if program is None else self._spec(program, positions[0])
        if program is None or spec is None or not _fits(spec, shape):
            return positions
        if spec.batch_handler is None and not runs_in_rows(spec):
            return positions
        group = GatheredRows(self._block, self._accounts, positions, shape, program)
        group.require_tag(spec.tag)
        group.charge_fees(self._payer_owners)
        group.bind(spec)
        context = BatchContext(group.rows, program.id, self._sysvars)
        try:
            if spec.batch_handler is not None:
                _call_by_column(group, spec, context)
            else:
                run_rows(group, spec, self._block, positions, self._progress)
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


def _call_by_column(group: GatheredRows, spec: InstructionSpec, context: BatchContext) -> None:
    """Call the batch handler. Raises whatever it raises."""
    # A list of accounts that are left is empty: `_fits` sees to it.
    values: dict[str, Any] = {p.name: [] for p in spec.accounts if p.variadic}
    for parameter, source in zip(spec.accounts, group.sources, strict=False):
        held = is_layout(parameter.view_type)
        layout = cast(type[Layout], parameter.view_type) if held else None
        values[parameter.name] = AccountColumns(group.rows, source, layout)
    values |= group.arguments(spec)
    handler = spec.batch_handler
    assert handler is not None  # the caller looked
    handler(*[values.get(parameter.name, context) for parameter in spec.parameters])


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
    if any(p.codec.size is None for p in spec.arguments):
        return False
    size = len(spec.tag) + sum(cast(int, p.codec.size) for p in spec.arguments)
    return shape.data_len == size if spec.program.exact_data else shape.data_len >= size
