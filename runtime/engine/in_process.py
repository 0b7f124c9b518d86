"""Executing a block's waves in the calling process alone, without a single worker.

For blocks that call trusted programs only and take less time than it takes to start or wake workers
and to lay the block out for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from ...primitives import OutOfMemory
from ...programs.kit.program.program_set import ProgramSet
from ...scheduler import Dag, Waves
from ..batch.call_kinds import CallKinds, Kind
from ..batch.share import ShareRunner
from ..block.block import Block
from ..block.limits import BLOCK_DATA_GROWTH_MAX
from ..columns.shared_columns import Columns
from ..memory.arena import Arena
from ..memory.progress import ProgressCell, empty_progress, suspects_of
from ..memory.working_set import WorkingSet
from ..svm.execution import Execution
from ..svm.execution_inputs import ExecutionInputs
from ..svm.process_guard import until_nothing_changes

_TOLD_EACH: Final = 500
_ALLOCATED_TIMES: Final = 3  # new data in an account, in the arena and in what is committed
_SAMPLE_LEN: Final = 1024
# What a transaction takes, roughly: by column, called row by row, the same with a context, through
# which most handlers call another program, executed alone.
_BY_COLUMN_S: Final = 0.2e-6
_BY_ROW_S: Final = 2e-6
_HOSTED_S: Final = 15e-6
_ALONE_S: Final = 20e-6
# What workers cost: to start them, to wake them, and to lay a transaction out for them.
_START_S: Final = 0.4
_WAKE_S: Final = 1e-3
_LAY_S: Final = 0.3e-6


def needs_workers(
    block: Block,
    dag: Callable[[], Dag],
    programs: ProgramSet,
    worker_count: int,
    *,
    started: bool,
    memory_bytes: int,
) -> bool:
    """Whether the block goes to workers, `started` or not.

    It does if they make it faster, if a program could take this process down with it, or if the
    block may allocate more than `memory_bytes`, which binds workers only.
    """
    if not calls_trusted_only(block, programs):
        return True
    allocated = min(sum(block.allocations.values()), BLOCK_DATA_GROWTH_MAX)
    if allocated * _ALLOCATED_TIMES > memory_bytes:
        return True
    lanes = min(worker_count, len(block) / max(1, len(dag().waves)))
    if lanes <= 1:
        return False
    saved_s = _execution_s(block, programs) * (1 - 1 / lanes)
    return saved_s > _WAKE_S + len(block) * _LAY_S + (0 if started else _START_S)


def calls_trusted_only(block: Block, programs: ProgramSet) -> bool:
    """Whether no program that the block calls could take this process down."""
    called = [programs.get(program_id) for program_id in block.program_ids]
    return all(program is None or program.trusted for program in called)


def _execution_s(block: Block, programs: ProgramSet) -> float:
    """About how long the block takes in one process, judged by a sample."""
    kinds = CallKinds(block, programs)
    sample = np.arange(0, len(block), 1 + len(block) // _SAMPLE_LEN, dtype=np.int64)
    found = kinds.of(sample)
    seconds = [_transaction_s(kind) for kind in kinds.table]
    return float(np.array([*seconds, _ALONE_S])[found].mean()) * len(block)  # NO_KIND is -1


def _transaction_s(kind: Kind) -> float:
    if kind.by_column:
        return _BY_COLUMN_S
    if kind.by_row:
        return _HOSTED_S if kind.hosted else _BY_ROW_S
    return _ALONE_S


def execute_in_process(
    inputs: ExecutionInputs,
    waves: Waves,
    arena: Arena,
    *,
    progress: Callable[[int], None] | None = None,
    group_len_min: int | None = None,
    raising: bool = False,
) -> tuple[Execution, int]:
    """Execute a block, and say how many transactions were not executed alone.

    `waves` are those of its DAG; its accounts are laid into `arena`. `progress` is told how many
    are done, every now and then. With `raising`, what a batch handler raises is raised on, not
    worked around. Raises OutOfMemory; nothing is committed then.
    """
    block, states = inputs.block, inputs.states

    def execute() -> tuple[Execution, int]:
        outcomes = _outcomes(waves, len(block))
        columns = WorkingSet.columns_of(states)
        arena.begin(columns)
        _, laid = arena.lay(columns)
        accounts = WorkingSet(laid, 0, heaps=None)
        cells = empty_progress(1)
        runner = ShareRunner(
            inputs,
            accounts,
            outcomes,
            group_len_min=group_len_min,
            raising=raising,
            progress=ProgressCell(cells, lane=0),
        )
        try:
            _run_all(runner, [0, len(block)] if progress is None else _milestones(waves), progress)
            changed = accounts.changed(states, block.key_column.array)
        except MemoryError as error:
            at = suspects_of(cells[0], waves.order)
            raise OutOfMemory(block.ids[int(at[0])] if len(at) else None) from error
        arena.end()
        execution = Execution(
            fees=outcomes["fees"],
            compute_units=outcomes["compute_units"],
            details=dict(sorted(runner.details.items())),
            changed=changed,
        )
        return execution, runner.grouped_count

    return until_nothing_changes(inputs.programs, execute)


def _outcomes(waves: Waves, transaction_count: int) -> Columns:
    zeros = np.zeros(transaction_count, dtype=np.uint64)
    return {
        "order": waves.order,
        "piece_offsets": waves.offsets,
        "fees": zeros,
        "compute_units": zeros.copy(),
    }


def _run_all(
    runner: ShareRunner, bounds: Sequence[int], progress: Callable[[int], None] | None
) -> None:
    for start, end in pairwise(bounds):
        runner.run(start, end)
        if progress is not None:
            progress(end)
    runner.finish()


def _milestones(waves: Waves) -> list[int]:
    """Ends of waves at which progress is told, some hundred transactions apart."""
    steps = waves.offsets // _TOLD_EACH
    last_of_each = np.append(steps[1:] != steps[:-1], True)
    return np.unique(np.append(waves.offsets[last_of_each], 0)).tolist()
