"""Executing a block on a worker pool: laid into shared memory, one lane of its plan a worker.

The parent lays out, sends each worker one message and waits for one answer; lanes wait for each
other by themselves (see lane.py). A small block goes to one worker whole (see small_blocks.py); how
many workers a block is worth, worker_choice.py says. No program runs in the parent here, as it
could take that down; blocks of trusted programs, which cannot, often need no pool (see
in_process.py).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Dag, Plan, Waves, make_plan, plan_apart
from ..batch.share import GROUP_LEN_MIN
from ..block.block import Block
from ..memory.arena import Arena
from ..memory.progress import END, Standstill, suspects_of
from ..memory.segment import SegmentFolder
from ..memory.working_set import Heaps, WorkingSet
from ..svm.execution import Execution
from ..svm.execution_inputs import ExecutionInputs
from ..svm.process_guard import ProcessChanged, until_nothing_changes
from ..svm.trace import empty_trace
from ..workers.lane import plan_columns
from ..workers.messages import BLOCK, SMALL, BlockTicket, LaneReport
from ..workers.pool import LaneFailed, WorkerPool
from ..workers.retry import Suspects, Try, execute_with_retries
from ..workers.small_blocks import pack_block, unpack_report
from .worker_choice import MeasuredCosts, is_small, lanes_that_pay

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
    """The folder of a pool's shared memory, and the arena in it that blocks are laid into.

    `costs`: what its blocks have taken so far.
    """

    def __init__(self, folder: SegmentFolder, pool: WorkerPool) -> None:
        self.folder = folder
        self.arena = Arena(folder, pool.map_memory)
        self.costs = MeasuredCosts()


def execute_in_parallel(
    inputs: ExecutionInputs,
    dag: Callable[[], Dag],
    pool: WorkerPool,
    memory: SharedMemory,
    *,
    plan: Plan | None = None,
    progress: Callable[[int], None] | None = None,
    traced: bool = False,
) -> Execution:
    """Execute a block by `plan`, or by one made for this pool.

    `dag` gives the block's DAG, when it is needed, or when there is time for it. With `traced`,
    trace it too. A worker that dies costs a try, and the block is begun again; see retry.py. Raises
    MachineError when that did not help, or shared memory is full; nothing is committed then. The
    pool is to be killed after any exception.
    """

    def attempt(kind: Try, suspects: Suspects) -> Execution:
        run = _BlockRun(inputs, pool, memory, progress)
        try:
            pool.set_environment(inputs.programs, inputs.sysvars)
            if kind is Try.FIRST and plan is None and not traced:
                execution = run.execute_small(dag)
                if execution is not None:
                    return execution
            if kind is Try.SUSPECTS_APART:
                lanes = plan_apart(dag().waves, suspects.suspected, len(pool), wide_from(1))
            elif plan is None:
                lanes = plan_execution(inputs.block, dag(), run.lane_count(dag().waves))
            else:
                lanes = plan
            return run.execute(lanes, traced=traced)
        except BaseException as error:
            if isinstance(error, LaneFailed):
                suspects.add(run.suspects(error.lane))
            memory.arena.drop()
            run.heaps.remove()
            raise

    worker_count = len(pool)

    def execute() -> Execution:
        try:
            return execute_with_retries(attempt, inputs.block.ids, pool)
        except ProcessChanged:
            pool.restart(worker_count)  # other lanes wait for the one that gave up
            raise

    return until_nothing_changes(inputs.programs, execute)


class _BlockRun:
    """One try at executing a block."""

    def __init__(
        self,
        inputs: ExecutionInputs,
        pool: WorkerPool,
        memory: SharedMemory,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._inputs = inputs
        self._block = inputs.block
        self._pool = pool
        self._arena = memory.arena
        self._costs = memory.costs
        self._transaction_s = memory.costs.transaction_s(inputs.block)
        self._progress = progress
        self.heaps = Heaps(memory.folder.path, f"heap-{next(_block_numbers)}")
        self._plan: Plan | None = None

    def execute_small(self, meanwhile: Callable[[], object]) -> Execution | None:
        """Execute the block by one worker, if it is so small that this is best."""
        if not is_small(len(self._block), len(self._pool), self._transaction_s):
            return None
        ticket = pack_block(self._inputs)
        if ticket is None:
            return None
        self._arena.begin()
        (report,) = self._exchange([1], SMALL + pickle.dumps(ticket), meanwhile)
        self._costs.learn(self._block, report.processor_s)
        if self._progress is not None:
            self._progress(len(self._block))
        return unpack_report(report)

    def lane_count(self, waves: Waves) -> int:
        """Into how many lanes to cut the block."""
        most = len(self._pool)
        return lanes_that_pay(waves, most, wide_from(most), self._transaction_s)

    def execute(self, plan: Plan, *, traced: bool) -> Execution:
        """Execute all lanes of the plan."""
        self._plan = plan
        ticket = BLOCK + pickle.dumps(self._lay(plan, traced=traced))
        busy = np.flatnonzero(np.diff(plan.lane_offsets)) + 1
        reports: list[LaneReport] = self._exchange(busy.tolist(), ticket)
        processor_s = sum(report.processor_s for report in reports)
        self._costs.learn(self._block, processor_s, len(plan.wide) - int(plan.wide.sum()))
        execution = self._gather(reports)
        execution.workers = len(busy)
        self._arena.end()
        if any(report.grew for report in reports):
            self.heaps.remove()
        self._tell()
        return execution

    def suspects(self, lane: int) -> NDArray[np.uint32]:
        """What a lane was at when it failed."""
        order = np.zeros(0, dtype=np.uint32) if self._plan is None else self._plan.order
        if lane >= len(self._arena.progress):
            return order[:0]
        return suspects_of(self._arena.progress[lane], order)

    def _exchange(
        self, lanes: Sequence[int], ticket: bytes, meanwhile: Callable[[], object] | None = None
    ) -> list[Any]:
        """Send lanes the same message, and return their reports."""
        standstill = Standstill(self._arena.progress, self._pool.limits.transaction_timeout_s)
        messages = dict.fromkeys(lanes, ticket)
        answers = self._pool.exchange(messages, standstill, self._tell, meanwhile)
        return [pickle.loads(answer[1:]) for answer in answers]

    def _tell(self) -> None:
        """Tell the caller how many transactions are done."""
        if self._progress is not None and self._plan is not None:
            begins = self._plan.lane_offsets[:-1]
            ends = self._arena.progress[1 : 1 + len(begins), END]
            self._progress(int(np.maximum(ends - begins, 0).sum()))

    def _lay(self, plan: Plan, *, traced: bool) -> BlockTicket:
        """Lay everything that workers need into shared memory."""
        block = self._block
        columns = block.columns() | {"shape_of": block.shapes.of}
        zeros = np.zeros(len(block), dtype=np.uint64)
        outcomes = plan_columns(plan) | {"fees": zeros, "compute_units": zeros}
        if traced:
            outcomes["trace"] = empty_trace(block)
        accounts = WorkingSet.columns_of(self._inputs.states)
        self._arena.begin(columns, outcomes, accounts)
        block_places, _ = self._arena.lay(columns)
        outcome_places, self._outcomes = self._arena.lay(outcomes)
        account_places, self._accounts = self._arena.lay(accounts)
        return BlockTicket(
            block_places, block.shapes.table, outcome_places, account_places, self.heaps
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
                self._inputs.states, self._block.key_column.array
            ),
            trace=outcomes["trace"].copy() if "trace" in outcomes else None,
        )
