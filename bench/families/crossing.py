"""What it costs a lane to wait for another: a chain on two lanes in turn, beside one lane alone.

The same transactions run one after another in both. So the difference between the times for one of
them is the crossing: from the end of one transaction until the other lane has seen that.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import numpy as np

from ...runtime import Block, Runtime
from ...runtime.engine.parallel import SharedMemory, execute_in_parallel
from ...runtime.memory.segment import SegmentFolder
from ...runtime.svm.execution_inputs import ExecutionInputs
from ...runtime.workers.pool import WorkerPool
from ...scheduler import Plan, build_dag
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..workload.accounts import place
from ..workload.calls import account_key
from ..workload.programs import payments
from ..workload.programs import transfer as payments_transfer
from ..workload.transfers import numbers_of, payers, transfer_calls

_CHAIN_MAX = 20_000
_INCLUDES = "plan → execution on two workers, by rows; no root, no commit"


def crossings() -> tuple[Scenario, ...]:
    """No target."""
    title = "a chain of transfers between two accounts, from lane to lane"
    return (Scenario("lane-crossing", title, _crossing),)


@contextmanager
def _crossing(scale: Scale) -> Generator[Sequence[Side]]:
    length = min(_CHAIN_MAX, scale.transactions) // 2 * 2
    calls = transfer_calls(payments, payments_transfer, 2, length)
    with Runtime(workers=0, programs=[payments]) as runtime:
        numbers = numbers_of(calls)
        place(runtime, [account_key(n) for n in numbers], payers(payments.id, numbers))
        block = runtime.prepare(calls.block())
        inputs = ExecutionInputs(block, runtime.programs, runtime.sysvars, runtime.states_of(block))
        with SegmentFolder() as folder, WorkerPool(2, limits=runtime.limits) as pool:
            memory = SharedMemory(folder, pool)
            alone = Plan.in_order(np.arange(length, dtype=np.uint32))
            yield (
                _side("two lanes in turn", inputs, in_turn(length), pool, memory),
                _side("one lane", inputs, alone, pool, memory),
            )


def in_turn(length: int) -> Plan:
    """The even positions on one lane, the odd ones on another; each waits for the one before."""
    half = length // 2
    places = np.arange(length)
    # Lane 0 begins with nothing to wait for; then its i-th waits for the (i-1)-th of lane 1.
    return Plan(
        order=np.concatenate([places[::2], places[1::2]]).astype(np.uint32),
        lane_offsets=np.array([0, half, length]),
        task_offsets=np.arange(length + 1),
        barrier=np.zeros(length, dtype=np.bool_),
        wait_offsets=np.concatenate(([0], places)),
        wait_lanes=np.repeat([1, 0], [half - 1, half]),
        wait_ends=np.concatenate([half + places[1:half], 1 + places[:half]]),
    )


def _side(
    name: str, inputs: ExecutionInputs, plan: Plan, pool: WorkerPool, memory: SharedMemory
) -> Side:
    dag = build_dag(inputs.block.access)

    def execute(block: Block) -> object:
        del block  # it is in the inputs
        return execute_in_parallel(inputs, lambda: dag, pool, memory, plan=plan)

    return Side(name, SEALANE, Unit.RATE, _INCLUDES, rate(len(plan), lambda: inputs.block, execute))
