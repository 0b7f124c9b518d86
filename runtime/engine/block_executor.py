"""Executes a runtime's blocks by the route that its policy chooses, and verifies signatures.

Owns workers and memory.

Guarantees: workers and shared memory exist from the first block that needs them until `close`.
After a failed block both are released, and the next block gets new ones. Does not: commit anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from time import monotonic

import numpy as np

from ...primitives import UsageError
from ...scheduler import Dag, build_dag
from ...signatures.schemes import SignatureCheck
from ...signatures.verifying import verify
from ..block.block import Block
from ..block.limits import Limits
from ..commitments.keyed_states import KeyedStates
from ..commitments.lattice_hash import Lattice, sum_accounts
from ..memory.arena import Arena
from ..memory.segment import SegmentFolder
from ..process.interrupts import held_signals
from ..svm.execution_inputs import ExecutionInputs
from ..svm.execution_outcome import Execution
from ..svm.recorder import Recorder
from ..svm.serial import execute_serially
from ..svm.tries import Route
from ..workers.asking_again import Asked
from ..workers.pool import WorkerPool
from .block_facts import BlockFacts
from .in_process import execute_in_process
from .lattice_stage import sum_on_workers, workers_pay
from .parallel import SharedMemory, execute_in_parallel
from .route_policy import Lanes, RoutePolicy
from .signature_stage import Costs, Verdicts, verify_on_workers
from .worker_choice import MeasuredCosts

_log = logging.getLogger(__package__)


class LazyDag:
    """The DAG of a block, built on first access. `begun_s`, `took_s`: when, in seconds on the
    monotonic clock, and how long it took.

    Raises UsageError for a `dag` that is not the block's: lanes would write one account at once.
    """

    def __init__(self, block: Block, dag: Dag | None) -> None:
        if dag is not None:
            _require_dag_of(block, dag)
        self._block = block
        self._dag = dag
        self.begun_s = self.took_s = 0.0

    def __call__(self) -> Dag:
        if self._dag is None:
            self.begun_s = monotonic()
            self._dag = build_dag(self._block.access)
            self.took_s = monotonic() - self.begun_s
        return self._dag


def _require_dag_of(block: Block, dag: Dag) -> None:
    if not isinstance(dag, Dag):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raise UsageError(f"dag={type(dag).__name__}: pass a Dag; of a Schedule, schedule.dag")
    if not dag.is_of(block.access):
        raise UsageError(
            "dag= is the DAG of other transactions: pass build_dag(block.access), or leave it out"
        )


class BlockExecutor:
    """`workers`: the most that it starts; with 0, blocks execute serially. `route` may be set."""

    def __init__(self, workers: int, limits: Limits, route: RoutePolicy) -> None:
        self.route = route
        self.pool: WorkerPool | None = None
        self._workers = workers
        self._limits = limits
        self._arena = Arena()  # for blocks that this process executes itself
        self._memory: SharedMemory | None = None

    def execute(
        self,
        inputs: ExecutionInputs,
        dag: LazyDag,
        progress: Callable[[int], None] | None,
        recorder: Recorder | None,
        *,
        timed: bool,
    ) -> Execution:
        """Execute a block; with a recorder, serially. Raises as `Runtime.execute` does.

        `timed`: include a timeline.
        """
        facts = None if recorder is not None else self._facts(inputs, dag)
        route = Route.SERIAL if facts is None else _checked_route(self.route.route(facts))
        if facts is None or route is Route.SERIAL:
            return execute_serially(inputs, progress=progress, timed=timed, recorder=recorder)
        if route is Route.IN_PROCESS:
            execution, _ = execute_in_process(
                inputs, dag().waves, self._arena, progress=progress, timed=timed
            )
            return execution
        try:
            pool, memory = self._started_pool()
            return execute_in_parallel(
                inputs,
                dag,
                pool,
                memory,
                inline=facts.inline_draft if route is Route.ONE_WORKER else None,
                lanes=lambda: self._lanes(facts),
                progress=progress,
                timed=timed,
            )
        except BaseException:
            # Workers may be in the middle of anything, and shared memory may be gone: use new ones
            # for the next block.
            self._drop_workers()
            raise

    def verify(self, checks: Sequence[SignatureCheck]) -> Verdicts:
        """Whether each signature counts. Raises as `Runtime.verify_signatures` does."""
        costs = Costs(checks)
        if not costs.workers_pay(self._workers, started=self.pool is not None):
            return np.array(verify(checks), dtype=np.bool_)
        try:
            pool, memory = self._started_pool()
            return verify_on_workers(checks, costs, pool, memory.arena.drop)
        except BaseException:
            self._drop_workers()  # as after a block
            raise

    def sum_accounts(self, accounts: KeyedStates, *, whole: int = 0) -> Lattice:
        """The lattice hash of these accounts. `whole`: how many there are, if these are a part.

        Raises MachineError.
        """
        started = self.pool is not None
        count = len(accounts.keys) if started else max(whole, len(accounts.keys))
        data_len = int(accounts.states.data_lens.sum())
        if not workers_pay(count, data_len, self._workers, started=started):
            return sum_accounts(accounts)
        try:
            pool, memory = self._started_pool()
            asked = Asked(pool, memory.arena.drop, "summed lattice hashes")
            return sum_on_workers(accounts, asked)
        except BaseException:
            self._drop_workers()  # as after a block
            raise

    def close(self) -> None:
        """Stop the workers, then remove the shared memory. Call it with signals held."""
        with ExitStack() as stack:
            pool, self.pool = self.pool, None
            memory, self._memory = self._memory, None
            if memory is not None:
                stack.callback(memory.folder.close)
            self._arena.drop()
            if pool is not None:
                stack.callback(pool.close)

    def _facts(self, inputs: ExecutionInputs, dag: LazyDag) -> BlockFacts | None:
        """The facts from which the block's route is chosen; None if there is no choice."""
        if self._workers == 0:
            return None
        costs = MeasuredCosts() if self._memory is None else self._memory.costs
        return BlockFacts(
            inputs,
            dag,
            workers=self._workers,
            started=self.pool is not None,
            worker_memory_bytes=self._limits.worker_memory_bytes,
            measured_s=costs.transaction_s(inputs.block),
        )

    def _lanes(self, facts: BlockFacts) -> Lanes:
        """The policy's lanes. Raises UsageError if this runtime cannot have such lanes."""
        lanes = self.route.lanes(facts)
        if not 1 <= lanes.count <= self._workers or lanes.share_len_min < 1:
            raise UsageError(
                f"{self.route!r} asked for {lanes}; choose 1 to {self._workers} lanes, with shares "
                "of 1 transaction or more"
            )
        return lanes

    # Signals are held, so that everything that is created is also stored in its attribute.

    def _started_pool(self) -> tuple[WorkerPool, SharedMemory]:
        with held_signals():
            if self.pool is None:
                self.pool = WorkerPool(self._workers, limits=self._limits)
            if self._memory is None:
                self._memory = SharedMemory(SegmentFolder(), self.pool)
        return self.pool, self._memory

    def _drop_workers(self) -> None:
        _log.debug("the block failed: its workers end, and the next block starts new ones")
        with held_signals():
            pool, self.pool = self.pool, None
            memory, self._memory = self._memory, None
            if pool is not None:
                pool.kill()
            if memory is not None:
                memory.folder.close()


def _checked_route(route: Route) -> Route:
    """The route. Raises UsageError if a user's policy returned something else."""
    if route not in tuple(Route):
        raise UsageError(f"a RoutePolicy answered {route!r}; choose {', '.join(Route)}")
    return Route(route)
