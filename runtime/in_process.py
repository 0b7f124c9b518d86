"""Executing a block's plan in the calling process alone, without a single worker.

For blocks that are narrow all the way and call trusted programs only: starting or waking workers
would take longer than the block. Groups still run by column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ..primitives import Account, OutOfMemory
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Plan
from .block import Block
from .execution import Execution
from .program_set import ProgramSet
from .progress import ProgressCell, empty_progress, suspects_of
from .segment import SegmentFolder
from .share import GROUP_LEN_MIN, ShareRunner
from .shared_columns import Columns
from .working_set import WorkingSet


def needs_workers(block: Block, plan: Plan, programs: ProgramSet) -> bool:
    """Whether a step is worth a barrier, or a program could take this process down with it."""
    if len(plan.share_offsets) - 1 > len(plan):
        return True
    called = map(programs.get, block.program_ids)
    return any(program is not None and not program.trusted for program in called)


def execute_in_process(
    block: Block,
    states: Sequence[Account],
    plan: Plan,
    programs: ProgramSet,
    sysvars: Sysvars,
    folder: SegmentFolder,
    *,
    progress: Callable[[int], None] | None = None,
    group_len_min: int = GROUP_LEN_MIN,
    raising: bool = False,
) -> tuple[Execution, int]:
    """Execute the block from `states`, and say how many transactions ran by column.

    `progress` is told how many are done, whenever a step of the plan is.
    With `raising`, what a batch handler raises is raised on, not worked around. Raises OutOfMemory;
    nothing is committed then.
    """
    zeros = np.zeros(len(block), dtype=np.uint64)
    cells = empty_progress(1)
    outcomes: Columns = {
        "order": plan.order,
        "wave_offsets": plan.wave_offsets,
        "fees": zeros,
        "compute_units": zeros.copy(),
    }
    accounts = WorkingSet.create(folder, "in-process", states)
    folder.remove("in-process")  # mapped is enough: nobody else needs its name
    runner = ShareRunner(
        block,
        block.shapes,
        programs,
        sysvars,
        accounts,
        outcomes,
        group_len_min=group_len_min,
        raising=raising,
        progress=ProgressCell(cells, lane=0),
    )
    bounds = [0, len(block)] if progress is None else _step_bounds(plan)
    try:
        for start, end in pairwise(bounds):
            runner.run(start, end)
            if progress is not None:
                progress(end)
        changed = accounts.changed(states)
    except MemoryError as error:
        at = suspects_of(cells[0], plan.order)
        raise OutOfMemory(block.ids[int(plan.order[at.low if at else 0])]) from error
    finally:
        # Their names are used again by the next block, also when this one failed.
        for heap in folder.path.glob("in-process-heap-*"):
            heap.unlink(missing_ok=True)
    execution = Execution(
        fees=outcomes["fees"],
        compute_units=outcomes["compute_units"],
        details=dict(sorted(runner.details.items())),
        changed=changed,
    )
    return execution, runner.grouped_count


def _step_bounds(plan: Plan) -> list[int]:
    return plan.share_offsets[plan.step_offsets].tolist()
