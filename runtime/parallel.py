"""Executing a block on a worker pool, step by step of its plan, over one working set.

A step of several shares runs on as many workers, and all are waited for: that is the barrier. A
step of one share is a run of narrow waves, not worth a barrier each: the calling process executes
it, unless a program could take the process down with it; then worker 1 does.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from itertools import count, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Dag, Plan, make_plan
from .block import Block
from .execution import Execution
from .messages import BLOCK, COLLECT, SHARE, SHARE_BODY, BlockTicket
from .pool import WorkerPool, require_done
from .program_set import ProgramSet
from .segment import SegmentFolder
from .share import ShareRunner
from .shared_columns import Columns, share_columns
from .trace import empty_trace
from .working_set import WorkingSet

# Below this cost (see `execution_costs`) a wave is not worth a barrier: a round trip to two
# workers takes about as long as eight simple transactions.
WAVE_COST_NARROW: Final = 32
SHARE_COST_MIN: Final = 16

_block_numbers = count()


def execution_costs(block: Block) -> NDArray[np.int64]:
    """What executing each transaction weighs, int64[n]: one for itself, each lock and each call.

    The costs that a block declares are compute units elsewhere; what binds here is the handling
    of accounts and instructions.
    """
    return 1 + np.diff(block.access.offsets) + np.diff(block.instructions.offsets)


def plan_execution(block: Block, dag: Dag, worker_count: int) -> Plan:
    """How a block is cut up for this many workers."""
    costs = execution_costs(block)
    return make_plan(dag, costs, worker_count, WAVE_COST_NARROW, SHARE_COST_MIN)


def execute_in_parallel(
    block: Block,
    states: Sequence[Account],
    plan: Plan,
    pool: WorkerPool,
    programs: ProgramSet,
    sysvars: Sysvars,
    folder: SegmentFolder,
    *,
    progress: Callable[[int], None] | None = None,
    traced: bool = False,
) -> Execution:
    """Execute the block from `states`, one per account id; with `traced`, trace it too.

    Raises MachineError when a worker dies or shared memory is full; nothing is committed then.
    """
    run = _BlockRun(block, states, plan, programs, sysvars, folder, traced=traced)
    try:
        pool.learn(programs)
        require_done(pool.broadcast(BLOCK + pickle.dumps(run.ticket)))
        for step in range(len(plan)):
            run.step(step, pool)
            if progress is not None:
                progress(int(plan.share_offsets[plan.step_offsets[step + 1]]))
        return run.collect(pool, states)
    finally:
        run.close()


class _BlockRun:
    """One block in execution: its memory, and the parent's own lane."""

    def __init__(
        self,
        block: Block,
        states: Sequence[Account],
        plan: Plan,
        programs: ProgramSet,
        sysvars: Sysvars,
        folder: SegmentFolder,
        *,
        traced: bool,
    ) -> None:
        number = next(_block_numbers)
        self._plan = plan
        self._folder = folder
        self._names = [f"{part}-{number}" for part in ("block", "outcomes", "accounts")]
        shapes = block.shapes
        columns = block.columns() | {"shape_of": shapes.of}
        shared_block, _ = share_columns(folder, self._names[0], columns)
        zeros = np.zeros(len(block), dtype=np.uint64)
        outcomes: Columns = {
            "order": plan.order,
            "wave_offsets": plan.wave_offsets,
            "fees": zeros,
            "compute_units": zeros,
        }
        if traced:
            outcomes["trace"] = empty_trace(block)
        shared_outcomes, self._outcomes = share_columns(folder, self._names[1], outcomes)
        self._accounts = WorkingSet.create(folder, self._names[2], states)
        self._runner = ShareRunner(block, shapes, programs, sysvars, self._accounts, self._outcomes)
        self._in_process = all(
            program is None or program.trusted for program in map(programs.get, block.program_ids)
        )
        self.ticket = BlockTicket(
            shared_block, shapes.table, shared_outcomes, self._accounts.place, sysvars
        )

    def step(self, step: int, pool: WorkerPool) -> None:
        """Run one step to its end."""
        first, last = self._plan.step_offsets[step : step + 2].tolist()
        bounds = self._plan.share_offsets[first : last + 1].tolist()
        if last - first == 1 and self._in_process:
            self._runner.run(*bounds)
            return
        for lane, (start, end) in enumerate(pairwise(bounds), start=1):
            pool.send(lane, SHARE + SHARE_BODY.pack(start, end))
        require_done(pool.gather(last - first))

    def collect(self, pool: WorkerPool, states: Sequence[Account]) -> Execution:
        """Outcomes and changed accounts of the whole block."""
        details = dict(self._runner.details)
        for answer in pool.broadcast(COLLECT):
            details |= pickle.loads(answer[1:])
        outcomes = self._outcomes
        return Execution(
            fees=outcomes["fees"].copy(),
            compute_units=outcomes["compute_units"].copy(),
            details=dict(sorted(details.items())),
            changed=self._accounts.changed(states),
            trace=outcomes["trace"].copy() if "trace" in outcomes else None,
        )

    def close(self) -> None:
        """Remove the block's segments; mapped memory goes with the last array over it."""
        for name in self._names:
            self._folder.remove(name)
        for heap in self._folder.path.glob(f"{self._names[2]}-heap-*"):
            heap.unlink(missing_ok=True)
