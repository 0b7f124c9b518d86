"""How well policy `lanes` predicts what the runtime does: the speed-up of two workers.

A block is executed on two workers and timed, transaction by transaction. What each took is its
cost, and the plan that was executed is simulated with these costs. A speed-up here is what all
transactions took together / makespan, from the begin of the first to the end of the last: both say
how well the lanes were filled, so what differs is what lanes lose between their transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import numpy as np

from ...primitives import InternalError
from ...runtime import MeasuredTimeline, Result, Route, Runtime
from ...runtime.engine.parallel import plan_execution
from ...runtime.engine.route_policy import Lanes
from ...scheduler.simulation import CROSSING_NS, time_lanes
from ..measure.contestants import SEALANE
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.access import Shape, drawn_pairs
from ..workload.calls import Calls, fresh
from ..workload.running import executed
from ..workload.toil import toiling, toils

_WORKERS: Final = 2
_PREDICTED: Final = "predicted"
_MEASURED: Final = "measured"
_OFF_MAX: Final = 0.15
_BLOCKS: Final = (
    ("independent", None, 100),
    ("1k", 1_000, 100),
    ("30", 30, 100),
    ("30", 30, 1_000),
)


def predictions() -> tuple[Scenario, ...]:
    """Target 14."""
    target = Target(14, _PREDICTED, _MEASURED, at_least=1 - _OFF_MAX, at_most=1 + _OFF_MAX)
    return tuple(
        Scenario(
            f"prediction-{name}-{us}us",
            f"the speed-up of 2 workers, a handler of {us:,} µs, "
            + ("independent transactions" if accounts is None else f"{accounts:,} accounts"),
            partial(_prediction, accounts, us),
            (target,),
        )
        for name, accounts, us in _BLOCKS
    )


@contextmanager
def _prediction(accounts: int | None, us: int, scale: Scale) -> Generator[Sequence[Side]]:
    count = max(20, scale.work_us // us)
    if accounts is None:
        pairs = np.arange(2 * count, dtype=np.int64).reshape(count, 2)
    else:
        pairs = drawn_pairs(Shape("even", "", accounts), count)
    calls = toils(pairs, us)
    with toiling([calls], _WORKERS, Route.LANES) as runtime:
        yield (
            _side(_PREDICTED, "the recorded plan, simulated", predicted, calls, runtime),
            _side(_MEASURED, "from the first begin to the last end", measured, calls, runtime),
        )


def predicted(result: Result, timeline: MeasuredTimeline) -> float:
    """The speed-up if lanes did nothing but execute, and wait as planned."""
    costs: list[int] = timeline.costs_ns.tolist()
    plan = plan_execution(result.block, result.dag, Lanes(_WORKERS))
    return sum(costs) / time_lanes(plan, costs, CROSSING_NS).makespan


def measured(_result: Result, timeline: MeasuredTimeline) -> float:
    """The speed-up that was reached."""
    return int(timeline.costs_ns.sum()) / timeline.makespan_ns


def _side(
    name: str,
    includes: str,
    speed_up: Callable[[Result, MeasuredTimeline], float],
    calls: Calls,
    runtime: Runtime,
) -> Side:
    block = calls.block()

    def measure() -> float:
        result = executed(runtime, runtime.prepare(fresh(block)), timeline=True)
        if result.timeline is None:
            raise InternalError("a block was to be timed, and was not")
        return speed_up(result, result.timeline)

    return Side(name, SEALANE, Unit.TIMES, includes, measure)
