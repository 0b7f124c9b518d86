"""How many stack frames higher a handler begins in a row loop than when it is executed alone.

A handler may catch RecursionError and go on, so it must be able to recurse equally deep in both.
The difference is measured, as Python versions count the frames in between differently.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ....primitives import Account, Transaction
from ....programs.kit import Program, Sysvars, UncheckedAccount
from ....programs.kit.program.program_set import ProgramSet
from ...block.block_building import build_block
from ...columns.account_columns import AccountColumns
from ...memory.progress import ProgressCell, empty_progress
from ...memory.working_set import WorkingSet
from ...svm.execution_inputs import BlockEnvironment
from ...svm.process_guard import ProcessGuard
from ...svm.recursion import stack_depth
from ...svm.transaction_executor import TransactionExecutor
from ..call_signatures import CallSignatures
from ..workspace import Workspace
from .plain_rows import PlainRows
from .row_calls import RowCalls


@cache
def frames_fewer_in_loop() -> int:
    """The difference, as the interpreter counts it; measured once per process."""
    depths: list[int] = []
    program = Program("depth_probe")

    @program.instruction(tag=0)
    def probe(account: UncheckedAccount) -> None:
        del account
        depths.append(stack_depth())

    programs = ProgramSet([program])
    block = build_block([Transaction([probe(account="probed")])])
    accounts = WorkingSet(
        WorkingSet.columns_of(AccountColumns.of([Account()] * len(block.keys))), 0, heaps=None
    )
    positions = np.zeros(1, dtype=np.int64)
    signatures = CallSignatures(block, programs)
    signature = signatures.table[int(signatures.of(positions)[0])]
    environment = BlockEnvironment(block, programs, Sysvars())
    rows = PlainRows(environment, accounts, signature, positions)
    executor = TransactionExecutor(environment)
    outcomes = {name: np.zeros(1, np.uint64) for name in ("fees", "compute_units")}
    workspace = Workspace(accounts, outcomes, ProgressCell(empty_progress(1), 0))
    calls = RowCalls(signature, rows, block, workspace, executor)
    # Both from this frame, as RowExecutor calls both from one frame.
    with ProcessGuard([program], programs) as guard:
        guard.run_alone(executor.execute, 0, accounts)
        for _ in calls.run(1, guard, 0):
            raise AssertionError("the probe is a plain row")
    alone, in_loop = depths
    return alone - in_loop
