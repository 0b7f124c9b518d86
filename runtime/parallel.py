"""Executing a block on a worker pool, step by step of its plan, over one working set.

A step of several shares runs on as many workers, and all are waited for: that is the barrier. A
step of one share is a run of narrow waves, not worth a barrier each: the calling process executes
it, unless a program could take the process down with it; then worker 1 does.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account, OutOfMemory
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Dag, Plan, make_plan
from .block import Block
from .execution import Execution
from .messages import BLOCK, COLLECT, SHARE, SHARE_BODY, BlockTicket
from .pool import LaneFailed, WorkerPool, require_done
from .program_set import ProgramSet
from .progress import OrderRange, ProgressCell, Standstill, empty_progress, suspects_of
from .retry import Suspects, execute_with_retries
from .segment import SegmentFolder
from .share import ShareRunner
from .shared_columns import Columns, share_columns
from .steps import Step
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

    A worker that dies costs a try, and the block is begun again; see retry.py. Raises MachineError
    when that did not help, or shared memory is full; nothing is committed then. The pool is to be
    killed after any exception.
    """

    def attempt(steps: Sequence[Step], suspects: Suspects) -> Execution:
        run = _BlockRun(block, states, plan, programs, sysvars, folder, len(pool), traced=traced)
        try:
            return run.execute(steps, pool, suspects, progress)
        finally:
            run.close()

    return execute_with_retries(attempt, block.ids, plan, pool)


class _BlockRun:
    """One try at executing a block: its memory, and the parent's own lane."""

    def __init__(
        self,
        block: Block,
        states: Sequence[Account],
        plan: Plan,
        programs: ProgramSet,
        sysvars: Sysvars,
        folder: SegmentFolder,
        worker_count: int,
        *,
        traced: bool,
    ) -> None:
        number = next(_block_numbers)
        self._block = block
        self._states = states
        self._plan = plan
        self._programs = programs
        self._sysvars = sysvars
        self._folder = folder
        self._names = [f"{part}-{number}" for part in ("block", "outcomes", "accounts")]
        try:
            self._share(worker_count, traced=traced)
        except BaseException:
            self.close()
            raise
        progress = self._outcomes["progress"]
        self._runner = ShareRunner(
            block,
            block.shapes,
            programs,
            sysvars,
            self._accounts,
            self._outcomes,
            progress=ProgressCell(progress, lane=0),
        )
        self._in_process = all(
            program is None or program.trusted for program in map(programs.get, block.program_ids)
        )

    def _share(self, worker_count: int, *, traced: bool) -> None:
        """Lay everything that workers need into shared memory."""
        block, plan, folder = self._block, self._plan, self._folder
        columns = block.columns() | {"shape_of": block.shapes.of}
        shared_block, _ = share_columns(folder, self._names[0], columns)
        zeros = np.zeros(len(block), dtype=np.uint64)
        outcomes: Columns = {
            "order": plan.order,
            "wave_offsets": plan.wave_offsets,
            "fees": zeros,
            "compute_units": zeros,
            "progress": empty_progress(1 + worker_count),
        }
        if traced:
            outcomes["trace"] = empty_trace(block)
        shared_outcomes, self._outcomes = share_columns(folder, self._names[1], outcomes)
        self._accounts = WorkingSet.create(folder, self._names[2], self._states)
        self._ticket = BlockTicket(
            shared_block, block.shapes.table, shared_outcomes, self._accounts.place, self._sysvars
        )

    def execute(
        self,
        steps: Sequence[Step],
        pool: WorkerPool,
        suspects: Suspects,
        progress: Callable[[int], None] | None,
    ) -> Execution:
        """Execute all steps. A lane that fails becomes a suspect, and LaneFailed is raised."""
        try:
            pool.learn(self._programs)
            require_done(pool.broadcast(BLOCK + pickle.dumps(self._ticket)))
            # What has no name can be neither removed nor resized by anybody else.
            self._unlink()
            self._run_steps(steps, pool, suspects, progress)
            return self._collect(pool)
        except LaneFailed as failed:
            suspects.add(suspects_of(self._outcomes["progress"][failed.lane], self._plan.order))
            raise

    def _run_steps(
        self,
        steps: Sequence[Step],
        pool: WorkerPool,
        suspects: Suspects,
        progress: Callable[[int], None] | None,
    ) -> None:
        standstill = Standstill(self._outcomes["progress"], pool.limits.transaction_timeout_s)
        # Whoever may have killed a worker must not get the chance to kill the parent.
        in_process = self._in_process and not suspects
        done = 0
        for step in steps:
            if step.alone:
                share = SHARE + SHARE_BODY.pack(*step.shares[0], False)
                require_done(pool.exchange({len(pool): share}, standstill))
            elif in_process and len(step.shares) == 1:
                self._run_here(step.shares[0])
            else:
                shares = {
                    lane: SHARE + SHARE_BODY.pack(*share, True)
                    for lane, share in enumerate(step.shares, start=1)
                }
                require_done(pool.exchange(shares, standstill))
            if progress is not None:
                done += sum(high - low for low, high in step.shares)
                progress(done)

    def _run_here(self, share: OrderRange) -> None:
        try:
            self._runner.run(*share)
        except MemoryError as error:
            at = suspects_of(self._outcomes["progress"][0], self._plan.order) or share
            raise OutOfMemory(self._block.ids[int(self._plan.order[at.low])]) from error

    def _collect(self, pool: WorkerPool) -> Execution:
        """Outcomes and changed accounts of the whole block."""
        details = dict(self._runner.details)
        for answer in pool.broadcast(COLLECT):
            details |= pickle.loads(answer[1:])
        outcomes = self._outcomes
        return Execution(
            fees=outcomes["fees"].copy(),
            compute_units=outcomes["compute_units"].copy(),
            details=dict(sorted(details.items())),
            changed=self._accounts.changed(self._states),
            trace=outcomes["trace"].copy() if "trace" in outcomes else None,
        )

    def close(self) -> None:
        """Remove the block's segments; mapped memory goes with the last array over it."""
        self._unlink()
        for heap in self._folder.path.glob(f"{self._names[2]}-heap-*"):
            heap.unlink(missing_ok=True)

    def _unlink(self) -> None:
        for name in self._names:
            self._folder.remove(name)
