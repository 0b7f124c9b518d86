"""Executing a block in this process with every group by column, however small: for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..primitives import Account
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Dag
from .block import Block
from .execution import Execution
from .program_set import ProgramSet
from .segment import SegmentFolder
from .share import ShareRunner
from .shared_columns import Columns
from .working_set import WorkingSet


def execute_by_column(
    block: Block,
    states: Sequence[Account],
    dag: Dag,
    programs: ProgramSet,
    sysvars: Sysvars,
    folder: SegmentFolder,
) -> tuple[Execution, int]:
    """Execute the block from `states`, and say how many transactions ran by column.

    Raises what a batch handler raises, instead of executing its rows one by one.
    """
    zeros = np.zeros(len(block), dtype=np.uint64)
    outcomes: Columns = {
        "order": dag.waves.order,
        "wave_offsets": dag.waves.offsets,
        "fees": zeros,
        "compute_units": zeros.copy(),
    }
    accounts = WorkingSet.create(folder, "by-column", states)
    runner = ShareRunner(
        block, block.shapes, programs, sysvars, accounts, outcomes, group_len_min=1, raising=True
    )
    runner.run(0, len(block))
    execution = Execution(
        fees=outcomes["fees"],
        compute_units=outcomes["compute_units"],
        details=dict(sorted(runner.details.items())),
        changed=accounts.changed(states),
    )
    return execution, runner.grouped_count
