"""Blocks so small that they travel in the message itself, to one worker.

To lay a block out for lanes that share it, and to find who waits for whom, takes longer than to
execute some transactions. Here the message has the block's columns and the states of its accounts;
one worker executes all transactions in file order, and sends back what they left. The DAG is made
meanwhile. Which blocks go this way, a route policy says.
"""

from __future__ import annotations

from time import process_time
from typing import NamedTuple

import numpy as np

from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ..batch.share import ShareRunner
from ..block.block import Block
from ..block.shapes import Shape, Shapes
from ..columns.account_columns import AccountColumns, ChangedAccounts
from ..columns.shared_columns import ColumnPlaces, Columns, columns_at, laid_len, lay_columns
from ..memory.progress import ProgressCell
from ..memory.working_set import WorkingSet
from ..svm.execution import Execution
from ..svm.execution_inputs import ExecutionInputs
from ..svm.receipt import Detail


class SmallTicket(NamedTuple):
    """Where in `content` a block's columns lie, and its accounts'."""

    block: ColumnPlaces
    accounts: ColumnPlaces
    content: bytearray
    shapes: tuple[Shape, ...]


class SmallReport(NamedTuple):
    """What a block left: outcomes and changed accounts as columns, and details by position.

    `processor_s`: how long the worker computed.
    """

    places: ColumnPlaces
    content: bytearray
    details: dict[int, Detail]
    processor_s: float


class InlineDraft(NamedTuple):
    """What goes into the message for a block. `size`: its bytes, some small parts aside."""

    columns: Columns
    accounts: Columns
    shapes: tuple[Shape, ...]
    size: int

    def pack(self) -> SmallTicket:
        """Copy everything into one piece of memory."""
        content = bytearray(self.size)
        block_places, _, used = lay_columns(self.columns, content)
        account_places, _, _ = lay_columns(self.accounts, content, used)
        return SmallTicket(block_places, account_places, content, self.shapes)


def draft_block(inputs: ExecutionInputs) -> InlineDraft:
    """The message for a block, whose size is known before anything is copied."""
    block = inputs.block
    columns = block.columns() | {"shape_of": block.shapes.of}
    accounts = WorkingSet.columns_of(inputs.states)
    size = laid_len(columns) + laid_len(accounts)
    return InlineDraft(columns, accounts, block.shapes.table, size)


def run_small_block(
    ticket: SmallTicket, programs: ProgramSet, sysvars: Sysvars, progress: ProgressCell
) -> SmallReport:
    """Execute a block that came in a message."""
    began = process_time()
    inputs = _inputs_of(ticket, programs, sysvars)
    accounts = WorkingSet(columns_at(ticket.content, ticket.accounts), 0, heaps=None)
    count = len(inputs.block)
    outcomes: Columns = {
        "order": np.arange(count, dtype=np.uint32),
        "piece_offsets": np.array([0, count]),
        "fees": np.zeros(count, dtype=np.uint64),
        "compute_units": np.zeros(count, dtype=np.uint64),
    }
    runner = ShareRunner(inputs, accounts, outcomes, progress=progress)
    runner.run_next(0, count, count)
    runner.finish()
    changed = accounts.changed(inputs.states, inputs.block.key_column.array)
    left = {name: getattr(changed.columns, name) for name in AccountColumns.__slots__}
    left |= {"ids": changed.ids, "fees": outcomes["fees"], "units": outcomes["compute_units"]}
    content = bytearray(laid_len(left))
    places, _, _ = lay_columns(left, content)
    return SmallReport(places, content, runner.details, process_time() - began)


def _inputs_of(ticket: SmallTicket, programs: ProgramSet, sysvars: Sysvars) -> ExecutionInputs:
    """What executing the block takes. The states are a copy: the message's own change."""
    columns = columns_at(ticket.content, ticket.block)
    laid = columns_at(ticket.content, ticket.accounts)
    return ExecutionInputs(
        Block.from_columns(columns, Shapes(columns["shape_of"], ticket.shapes)),
        programs,
        sysvars,
        AccountColumns(**{name: laid[name].copy() for name in AccountColumns.__slots__}),
    )


def unpack_report(report: SmallReport) -> Execution:
    """The execution of the block."""
    columns = columns_at(report.content, report.places)
    left = AccountColumns(**{name: columns[name] for name in AccountColumns.__slots__})
    return Execution(
        fees=columns["fees"],
        compute_units=columns["units"],
        details=dict(sorted(report.details.items())),
        changed=ChangedAccounts(columns["ids"], left),
    )
