"""Executes a block on a worker pool: packed into shared memory, one lane of its plan per worker.

The parent packs the block, sends each worker one message and waits for one answer; lanes wait for
each other by themselves (see lane.py). An inline block goes to one worker as a whole (see
inline_blocks.py). route_policy.py chooses which blocks are inline, and the number of lanes of the
others. No program runs in the parent here, as it could crash it; blocks that call only trusted
programs often need no pool (see in_process.py).
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...primitives.one_line import counted
from ...programs.kit.accounts.added_record import AddsDoubtful
from ...scheduler import Dag, Plan, make_plan, plan_isolated
from ..batch.lane_executor import GROUP_LEN_MIN
from ..block.block import Block
from ..block.done import Done, LaneDone
from ..columns.stopwatch import ExecutionTimes
from ..memory.arena import Arena
from ..memory.lane_sums import aside_columns
from ..memory.progress import END, IDLE, StallDetector, suspects_of
from ..memory.segment import SegmentFolder
from ..memory.working_set import Heaps, WorkingSet
from ..svm.execution_inputs import ExecutionInputs
from ..svm.execution_outcome import Execution
from ..svm.order_of_adds import in_any_order
from ..svm.process_guard import ProcessChanged, until_nothing_changes
from ..svm.trace import empty_trace
from ..svm.tries import Route, Tries
from ..workers.inline_blocks import InlineDraft, unpack_report
from ..workers.lane import plan_columns
from ..workers.messages import BLOCK, INLINE, BlockDescriptor, LaneReport
from ..workers.pool import LaneFailed, WorkerPool
from ..workers.retry import Attempt, Suspects, execute_with_retries
from .adds import OrderOfAdds, in_lanes, in_one_lane, must_order_adds
from .lane_timeline import timeline_of_lanes
from .route_policy import Lanes
from .worker_choice import MeasuredCosts

_log = logging.getLogger(__package__)
_block_numbers = count()


def execution_costs(block: Block) -> NDArray[np.int64]:
    """int64[n]: the cost of executing each transaction: 1, plus 1 for each lock and instruction.

    Not the costs that the block declares: those are compute units on another machine, while time is
    spent here on handling accounts and instructions.
    """
    return 1 + np.diff(block.access.offsets) + np.diff(block.instructions.offsets)


def plan_execution(block: Block, dag: Dag, lanes: Lanes) -> Plan:
    """The plan that divides a block into lanes."""
    return make_plan(dag, execution_costs(block), lanes.count, lanes.barrier_len_min)


class SharedMemory:
    """The folder of a pool's shared memory, and the arena in it that blocks are packed into.

    `costs`: the measured times of its blocks so far.
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
    inline: InlineDraft | None = None,
    lanes: Callable[[], Lanes] | None = None,
    plan: Plan | None = None,
    progress: Callable[[int], None] | None = None,
    traced: bool = False,
    timed: bool = False,
) -> Execution:
    """Execute a block on the workers of `pool`.

    With an `inline` draft, the first try gives the whole block to one worker. Otherwise, and in
    later tries, it runs by `plan`, or else by a plan for `lanes`, by default one lane per worker.
    A `plan` must not let adds to one account run at the same time; see adds.py.
    `dag` returns the block's DAG; called when it is needed, or while the parent waits. `traced`:
    include a trace; plans only. `timed`: include a timeline. `progress` is called with the number
    of transactions done, in lanes a `Done`. If a worker dies, the block is begun again; see
    retry.py. Raises MachineError if that does not help, or if shared memory is full; nothing is
    committed then. After any exception the pool must be killed.
    """

    def attempt(kind: Attempt, suspects: Suspects, *, ordered: bool) -> Execution:
        run = _BlockRun(inputs, pool, memory, progress, tries)
        try:
            pool.set_environment(inputs.programs, inputs.sysvars)
            if kind is Attempt.FIRST and inline is not None:
                return run.execute_inline(inline, dag, timed=timed)
            if kind is Attempt.ISOLATED:
                order = in_one_lane(dag(), ordered=ordered)
                chosen = plan_isolated(
                    order.dag.waves, suspects.suspected, len(pool), GROUP_LEN_MIN
                )
            elif plan is None or (ordered and inputs.block.access.adds is not None):
                cut = Lanes(worker_count) if lanes is None else lanes()
                order = (
                    in_one_lane(dag(), ordered=ordered)
                    if cut.count == 1
                    else in_lanes(inputs, dag, ordered=ordered)
                )
                chosen = plan_execution(inputs.block, order.dag, cut)
            else:
                order, chosen = in_one_lane(dag(), ordered=False), plan
            return run.execute(chosen, order, traced=traced, timed=timed)
        except BaseException as error:
            if isinstance(error, LaneFailed):
                suspects.add(run.suspects(error.lane))
            memory.arena.drop()
            run.heaps.remove()
            raise

    worker_count = len(pool)
    tries = Tries()

    def execute(ordered: bool) -> Execution:
        try:
            tried = partial(attempt, ordered=ordered)
            return execute_with_retries(tried, inputs.block.ids, pool, tries)
        except (ProcessChanged, AddsDoubtful):
            pool.restart(worker_count)  # other lanes are still waiting for the one that stopped
            raise

    execution = in_any_order(
        lambda ordered: until_nothing_changes(inputs.programs, lambda: execute(ordered), tries),
        inputs.block.keys,
        tries,
        ordered=must_order_adds(inputs),
    )
    execution.note(tries)
    return execution


class _BlockRun:
    """One try at executing a block."""

    def __init__(
        self,
        inputs: ExecutionInputs,
        pool: WorkerPool,
        memory: SharedMemory,
        progress: Callable[[int], None] | None,
        tries: Tries,
    ) -> None:
        self._inputs = inputs
        self._block = inputs.block
        self._pool = pool
        self._arena = memory.arena
        self._costs = memory.costs
        self._progress = progress
        self._tries = tries
        self.heaps = Heaps(memory.folder.path, f"heap-{next(_block_numbers)}")
        self._plan: Plan | None = None

    def execute_inline(
        self, inline: InlineDraft, meanwhile: Callable[[], object], *, timed: bool
    ) -> Execution:
        """Execute the block on one worker."""
        self._tries.begin(Route.ONE_WORKER, workers=1)
        self._arena.begin()
        message = INLINE + pickle.dumps(inline.pack(timed=timed))
        (report,) = self._exchange([1], message, meanwhile)
        self._costs.learn(self._block, report.processor_s)
        if self._progress is not None:
            self._progress(len(self._block))
        return unpack_report(report)

    def execute(self, plan: Plan, order: OrderOfAdds, *, traced: bool, timed: bool) -> Execution:
        """Execute all lanes of the plan. Raises AddsDoubtful."""
        self._plan = plan
        busy = np.flatnonzero(np.diff(plan.lane_offsets)) + 1
        self._tries.begin(Route.LANES, workers=len(busy))
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug(
                "planned %s on %s, in %s, %d of them shares of waves",
                counted(len(plan), "transaction"),
                counted(len(busy), "lane"),
                counted(len(plan.barrier), "task"),
                plan.barrier.sum(),
            )
        descriptor = BLOCK + pickle.dumps(self._pack(plan, order, traced=traced, timed=timed))
        reports: list[LaneReport] = self._exchange(busy.tolist(), descriptor)
        processor_s = sum(report.processor_s for report in reports)
        self._costs.learn(self._block, processor_s, len(plan.barrier) - int(plan.barrier.sum()))
        execution = self._gather(reports)
        execution.busy_s = processor_s
        times = ExecutionTimes.among(self._outcomes)
        execution.timeline = None if times is None else timeline_of_lanes(plan, times)
        self._arena.end()
        if any(report.grew for report in reports):
            self.heaps.remove()
        self._tell()
        return execution

    def suspects(self, lane: int) -> NDArray[np.uint32]:
        """The positions that a lane was executing when it failed."""
        order = np.zeros(0, dtype=np.uint32) if self._plan is None else self._plan.order
        if lane >= len(self._arena.progress):
            return order[:0]
        return suspects_of(self._arena.progress[lane], order)

    def _exchange(
        self, lanes: Sequence[int], descriptor: bytes, meanwhile: Callable[[], object] | None = None
    ) -> list[Any]:
        """Send the same message to each lane, and return their reports."""
        stall_detector = StallDetector(
            self._arena.progress, self._pool.limits.transaction_timeout_s
        )
        messages = dict.fromkeys(lanes, descriptor)
        answers = self._pool.exchange(messages, stall_detector, self._tell, meanwhile)
        return [pickle.loads(answer[1:]) for answer in answers]

    def _tell(self) -> None:
        """Tell the caller how many transactions are done, in all and by lane."""
        if self._progress is not None and self._plan is not None:
            bounds = self._plan.lane_offsets
            cells = self._arena.progress[1 : len(bounds)]
            done = np.maximum(cells[:, END] - bounds[:-1], 0)
            lanes = zip(done.tolist(), np.diff(bounds).tolist(), cells[:, 0].tolist(), strict=True)
            self._progress(Done.of([LaneDone(n, total, at != IDLE) for n, total, at in lanes]))

    def _pack(
        self, plan: Plan, order: OrderOfAdds, *, traced: bool, timed: bool
    ) -> BlockDescriptor:
        """Pack everything that workers need into shared memory."""
        block = self._block
        columns = block.columns() | {"shape_of": block.shapes.of}
        zeros = np.zeros(len(block), dtype=np.uint64)
        outcomes = plan_columns(plan) | {"fees": zeros, "compute_units": zeros}
        if traced:
            outcomes["trace"] = empty_trace(block)
        if timed:
            outcomes |= ExecutionTimes.empty(len(block))._asdict()
        accounts = WorkingSet.columns_of(self._inputs.states)
        if len(order.aside):
            outcomes["folding"] = order.folding
            accounts |= aside_columns(order.aside, accounts, plan.lane_count)
        self._arena.begin(columns, outcomes, accounts)
        block_places, _ = self._arena.pack(columns)
        outcome_places, self._outcomes = self._arena.pack(outcomes)
        account_places, self._accounts = self._arena.pack(accounts)
        return BlockDescriptor(
            block_places,
            block.shapes.table,
            outcome_places,
            account_places,
            self.heaps,
            order.ordered,
        )

    def _gather(self, reports: Iterable[LaneReport]) -> Execution:
        """The execution of the whole block, from the lanes' reports and shared memory."""
        details = {p: detail for report in reports for p, detail in report.details.items()}
        outcomes = self._outcomes
        accounts = WorkingSet(self._accounts, 0, self.heaps)
        accounts.fold_all()
        return Execution(
            fees=outcomes["fees"].copy(),
            compute_units=outcomes["compute_units"].copy(),
            details=dict(sorted(details.items())),
            changed=accounts.changed(self._inputs.states, self._block.key_column.array),
            trace=outcomes["trace"].copy() if "trace" in outcomes else None,
        )
