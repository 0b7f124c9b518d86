"""Inline blocks: so small that they travel in the message itself, to one worker.

Packing a block into shared memory and building its DAG takes longer than executing a few
transactions. Here the message holds the block's columns and the states of its accounts; one worker
executes all transactions in file order and sends back the changes. Meanwhile the parent builds the
DAG. A route policy chooses which blocks are inline.
"""

from __future__ import annotations

from time import process_time
from typing import NamedTuple

import numpy as np

from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ..batch.lane_executor import LaneExecutor
from ..block.block import Block
from ..block.shapes import Shape, Shapes
from ..columns.account_columns import AccountColumns, ChangedAccounts
from ..columns.shared_columns import ColumnPlaces, Columns, columns_at, pack_columns, packed_len
from ..columns.stopwatch import ExecutionTimes
from ..memory.progress import ProgressCell
from ..memory.timed_cell import timed_cell
from ..memory.working_set import WorkingSet
from ..svm.execution_inputs import ExecutionInputs
from ..svm.execution_outcome import Execution
from ..svm.measured_timeline import MeasuredTimeline
from ..svm.receipt import Detail


class InlineBlock(NamedTuple):
    """The columns of a block and of its accounts, packed in `content`, and their offsets.

    `timed`: the report is to include when each transaction was executed.
    """

    block: ColumnPlaces
    accounts: ColumnPlaces
    content: bytearray
    shapes: tuple[Shape, ...]
    timed: bool


class InlineReport(NamedTuple):
    """The outcome of a block: outcomes and changed accounts as columns, details by position.

    `processor_s`: processor time of the worker.
    """

    places: ColumnPlaces
    content: bytearray
    details: dict[int, Detail]
    processor_s: float


class InlineDraft(NamedTuple):
    """The content of the message for a block. `size`: its bytes, without some small parts."""

    columns: Columns
    accounts: Columns
    shapes: tuple[Shape, ...]
    size: int

    def pack(self, *, timed: bool = False) -> InlineBlock:
        """Copy everything into one buffer."""
        content = bytearray(self.size)
        block_places, _, used = pack_columns(self.columns, content)
        account_places, _, _ = pack_columns(self.accounts, content, used)
        return InlineBlock(block_places, account_places, content, self.shapes, timed)


def draft_block(inputs: ExecutionInputs) -> InlineDraft:
    """Draft the message for a block. Its size is known before anything is copied."""
    block = inputs.block
    columns = block.columns() | {"shape_of": block.shapes.of}
    accounts = WorkingSet.columns_of(inputs.states)
    size = packed_len(columns) + packed_len(accounts)
    return InlineDraft(columns, accounts, block.shapes.table, size)


def run_inline_block(
    inline: InlineBlock, programs: ProgramSet, sysvars: Sysvars, progress: ProgressCell
) -> InlineReport:
    """Execute a block from a message, in the worker."""
    began = process_time()
    inputs = _inputs_of(inline, programs, sysvars)
    accounts = WorkingSet(columns_at(inline.content, inline.accounts), 0, heaps=None)
    count = len(inputs.block)
    outcomes: Columns = {
        "order": np.arange(count, dtype=np.uint32),
        "task_offsets": np.array([0, count]),
        "fees": np.zeros(count, dtype=np.uint64),
        "compute_units": np.zeros(count, dtype=np.uint64),
    }
    times = ExecutionTimes.empty(count) if inline.timed else None
    executor = LaneExecutor(inputs, accounts, outcomes, progress=timed_cell(progress, times))
    executor.run_next(0, count, count)
    executor.finish()
    changed = accounts.changed(inputs.states, inputs.block.key_column.array)
    left = {name: getattr(changed.columns, name) for name in AccountColumns.__slots__}
    left |= {"ids": changed.ids, "fees": outcomes["fees"], "units": outcomes["compute_units"]}
    left |= {} if times is None else times._asdict()
    content = bytearray(packed_len(left))
    places, _, _ = pack_columns(left, content)
    return InlineReport(places, content, executor.details, process_time() - began)


def _inputs_of(inline: InlineBlock, programs: ProgramSet, sysvars: Sysvars) -> ExecutionInputs:
    """The inputs of executing the block. The states are a copy, as those in the message change."""
    columns = columns_at(inline.content, inline.block)
    packed = columns_at(inline.content, inline.accounts)
    return ExecutionInputs(
        Block.from_columns(columns, Shapes(columns["shape_of"], inline.shapes)),
        programs,
        sysvars,
        AccountColumns(**{name: packed[name].copy() for name in AccountColumns.__slots__}),
    )


def unpack_report(report: InlineReport) -> Execution:
    """The execution that the report describes, in the parent."""
    columns = columns_at(report.content, report.places)
    left = AccountColumns(**{name: columns[name] for name in AccountColumns.__slots__})
    times = ExecutionTimes.among(columns)
    return Execution(
        fees=columns["fees"],
        compute_units=columns["units"],
        details=dict(sorted(report.details.items())),
        changed=ChangedAccounts(columns["ids"], left),
        timeline=None if times is None else MeasuredTimeline.by_one(times, worker=1),
    )
