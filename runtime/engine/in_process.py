"""Executes a block wave by wave in the calling process, without workers.

For blocks that call only trusted programs and take less time than starting or waking workers and
packing the block for them would; route_policy.py chooses them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from ...primitives import OutOfMemory
from ...scheduler import Waves
from ..batch.lane_executor import LaneExecutor
from ..columns.shared_columns import Columns
from ..columns.stopwatch import ExecutionTimes
from ..memory.arena import Arena
from ..memory.progress import ProgressCell, empty_progress, suspects_of
from ..memory.timed_cell import timed_cell
from ..memory.working_set import WorkingSet
from ..svm.execution_inputs import ExecutionInputs
from ..svm.execution_outcome import Execution
from ..svm.measured_timeline import MeasuredTimeline
from ..svm.order_of_adds import in_any_order
from ..svm.process_guard import until_nothing_changes
from ..svm.tries import Route, Tries
from .adds import must_order_adds, waves_to_run

_TOLD_EACH: Final = 500


def execute_in_process(
    inputs: ExecutionInputs,
    waves: Waves,
    arena: Arena,
    *,
    progress: Callable[[int], None] | None = None,
    timed: bool = False,
    group_len_min: int | None = None,
    raising: bool = False,
) -> tuple[Execution, int]:
    """Execute a block; returns the execution and how many transactions were not executed alone.

    `waves`: those of its DAG. `arena`: the memory for its accounts. `progress` is called from time
    to time with the number of transactions done. `timed`: include a timeline in the execution.
    `group_len_min`, `raising`: see LaneExecutor. Raises OutOfMemory; nothing is committed then.
    """
    block, states = inputs.block, inputs.states
    tries = Tries()

    def execute(ordered: bool) -> tuple[Execution, int]:
        tries.begin(Route.IN_PROCESS, workers=0)
        chosen = waves_to_run(inputs, waves, ordered=ordered)
        outcomes = _outcomes(chosen, len(block))
        columns = WorkingSet.columns_of(states)
        arena.begin(columns)
        _, packed = arena.pack(columns)
        accounts = WorkingSet(packed, 0, heaps=None, ordered=ordered)
        cells = empty_progress(1)
        times = ExecutionTimes.empty(len(block)) if timed else None
        executor = LaneExecutor(
            inputs,
            accounts,
            outcomes,
            group_len_min=group_len_min,
            raising=raising,
            progress=timed_cell(ProgressCell(cells, lane=0), times),
        )
        try:
            _run_all(
                executor, [0, len(block)] if progress is None else _milestones(chosen), progress
            )
            changed = accounts.changed(states, block.key_column.array)
        except MemoryError as error:
            at = suspects_of(cells[0], chosen.order)
            raise OutOfMemory(block.ids[int(at[0])] if len(at) else None) from error
        arena.end()
        execution = Execution(
            fees=outcomes["fees"],
            compute_units=outcomes["compute_units"],
            details=dict(sorted(executor.details.items())),
            changed=changed,
            timeline=None if times is None else MeasuredTimeline.by_one(times, worker=0),
        )
        execution.note(tries)
        return execution, executor.grouped_count

    return in_any_order(
        lambda ordered: until_nothing_changes(inputs.programs, lambda: execute(ordered), tries),
        block.keys,
        tries,
        ordered=must_order_adds(inputs),
    )


def _outcomes(waves: Waves, transaction_count: int) -> Columns:
    zeros = np.zeros(transaction_count, dtype=np.uint64)
    return {
        "order": waves.order,
        "task_offsets": waves.offsets,
        "fees": zeros,
        "compute_units": zeros.copy(),
    }


def _run_all(
    executor: LaneExecutor, bounds: Sequence[int], progress: Callable[[int], None] | None
) -> None:
    for start, end in pairwise(bounds):
        executor.run(start, end)
        if progress is not None:
            progress(end)
    executor.finish()


def _milestones(waves: Waves) -> list[int]:
    """Ends of waves at which to report progress, some hundred transactions apart."""
    steps = waves.offsets // _TOLD_EACH
    last_of_each = np.append(steps[1:] != steps[:-1], True)
    return np.unique(np.append(waves.offsets[last_of_each], 0)).tolist()
