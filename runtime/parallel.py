"""Executing a block on a worker pool: laid into shared memory, one lane of its plan a worker.

The parent lays out, sends each worker one message and waits for one answer; lanes wait for each
other by themselves (see lane.py). No program runs in the parent: it could take that down.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Dag, Plan, make_plan, plan_apart
from .arena import Arena
from .block import Block
from .execution import Execution
from .lane import plan_columns
from .messages import BLOCK, BlockTicket, LaneReport
from .pool import LaneFailed, WorkerPool
from .program_set import ProgramSet
from .progress import END, Standstill, empty_progress, suspects_of
from .retry import Suspects, execute_with_retries
from .segment import SegmentFolder
from .share import GROUP_LEN_MIN
from .trace import empty_trace
from .working_set import Heaps, WorkingSet

_block_numbers = count()


def execution_costs(block: Block) -> NDArray[np.int64]:
    """What executing each transaction weighs, int64[n]: one for itself, each lock and each call.

    The costs that a block declares are compute units elsewhere; what binds here is the handling
    of accounts and instructions.
    """
    return 1 + np.diff(block.access.offsets) + np.diff(block.instructions.offsets)


def wide_from(lane_count: int) -> int:
    """How many transactions a wave needs for each lane's share to be worth executing by column."""
    return lane_count * GROUP_LEN_MIN


def plan_execution(block: Block, dag: Dag, lane_count: int) -> Plan:
    """How a block is cut up for this many workers."""
    return make_plan(dag, execution_costs(block), lane_count, wide_from(lane_count))


class SharedMemory:
    """The folder of a pool's shared memory, and the arena in it that blocks are laid into."""

    def __init__(self, folder: SegmentFolder, pool: WorkerPool) -> None:
        self.folder = folder
        self.arena = Arena(folder, pool.map_memory)


def execute_in_parallel(
    block: Block,
    states: Sequence[Account],
    dag: Dag,
    plan: Plan,
    pool: WorkerPool,
    memory: SharedMemory,
    programs: ProgramSet,
    sysvars: Sysvars,
    *,
    progress: Callable[[int], None] | None = None,
    traced: bool = False,
) -> Execution:
    """Execute the block from `states`, one per account id; with `traced`, trace it too.

    A worker that dies costs a try, and the block is begun again; see retry.py. Raises MachineError
    when that did not help, or shared memory is full; nothing is committed then. The pool is to be
    killed after any exception.
    """

    def attempt(plan: Plan, suspects: Suspects) -> Execution:
        run = _BlockRun(block, states, plan, memory, programs, sysvars, progress)
        try:
            return run.execute(pool, suspects, traced=traced)
        except BaseException:
            memory.arena.drop()
            run.heaps.remove()
            raise

    def apart(suspected: NDArray[np.bool_], lane_count: int) -> Plan:
        return plan_apart(dag.waves, suspected, lane_count, wide_from(1))

    return execute_with_retries(attempt, plan, apart, block.ids, pool)


class _BlockRun:
    """One try at executing a block."""

    def __init__(
        self,
        block: Block,
        states: Sequence[Account],
        plan: Plan,
        memory: SharedMemory,
        programs: ProgramSet,
        sysvars: Sysvars,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._progress = progress
        self._block = block
        self._states = states
        self._plan = plan
        self._arena = memory.arena
        self._programs = programs
        self._sysvars = sysvars
        self.heaps = Heaps(memory.folder.path, f"heap-{next(_block_numbers)}")

    def execute(
        self,
        pool: WorkerPool,
        suspects: Suspects,
        *,
        traced: bool,
    ) -> Execution:
        """Execute all lanes. One that fails is suspected, and LaneFailed is raised."""
        pool.learn(self._programs)
        ticket = BLOCK + pickle.dumps(self._lay(traced=traced))
        cells = self._outcomes["progress"]
        standstill = Standstill(cells, pool.limits.transaction_timeout_s)
        busy = np.flatnonzero(np.diff(self._plan.lane_offsets)) + 1
        try:
            answers = pool.exchange(dict.fromkeys(busy.tolist(), ticket), standstill, self._tell)
        except LaneFailed as failed:
            suspects.add(suspects_of(cells[failed.lane], self._plan.order))
            raise
        reports: list[LaneReport] = [pickle.loads(answer[1:]) for answer in answers]
        execution = self._gather(reports)
        self._arena.end()
        if any(report.grew for report in reports):
            self.heaps.remove()
        self._tell()
        return execution

    def _tell(self) -> None:
        """Tell the caller how many transactions are done."""
        if self._progress is not None:
            begins = self._plan.lane_offsets[:-1]
            self._progress(int(np.maximum(self._outcomes["progress"][1:, END] - begins, 0).sum()))

    def _lay(self, *, traced: bool) -> BlockTicket:
        """Lay everything that workers need into shared memory."""
        block = self._block
        columns = block.columns() | {"shape_of": block.shapes.of}
        zeros = np.zeros(len(block), dtype=np.uint64)
        outcomes = plan_columns(self._plan) | {
            "fees": zeros,
            "compute_units": zeros,
            "progress": empty_progress(1 + self._plan.lane_count),
        }
        if traced:
            outcomes["trace"] = empty_trace(block)
        accounts = WorkingSet.columns_of(self._states)
        self._arena.begin(columns, outcomes, accounts)
        block_places, _ = self._arena.lay(columns)
        outcome_places, self._outcomes = self._arena.lay(outcomes)
        account_places, self._accounts = self._arena.lay(accounts)
        return BlockTicket(
            block_places,
            block.shapes.table,
            outcome_places,
            account_places,
            self.heaps,
            self._sysvars,
        )

    def _gather(self, reports: Iterable[LaneReport]) -> Execution:
        """Outcomes and changed accounts of the whole block."""
        details = {p: detail for report in reports for p, detail in report.details.items()}
        outcomes = self._outcomes
        return Execution(
            fees=outcomes["fees"].copy(),
            compute_units=outcomes["compute_units"].copy(),
            details=dict(sorted(details.items())),
            changed=WorkingSet(self._accounts, 0, self.heaps).changed(
                self._states, self._block.key_column.array
            ),
            trace=outcomes["trace"].copy() if "trace" in outcomes else None,
        )
