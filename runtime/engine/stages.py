"""The stages of executing a block on the clock, for its timeline."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from ..svm.execution_outcome import Execution
from ..svm.measured_timeline import MeasuredTimeline, Stage
from .block_executor import LazyDag


class Moments(NamedTuple):
    """Seconds on the monotonic clock: when the call began, when its block was built, when it had
    been executed, and when it was committed."""

    started: float
    built: float
    executed: float
    committed: float


def place_on_clock(execution: Execution, moments: Moments, dag: LazyDag) -> MeasuredTimeline | None:
    """The timeline of the execution, counted from the begin of the call; None if it has none."""
    if execution.timeline is None:
        return None
    tries = tuple(map(_ns, execution.tries_begun_s))
    return execution.timeline.since(_ns(moments.started), _stages(moments, dag), tries)


def _stages(moments: Moments, dag: LazyDag) -> tuple[Stage, ...]:
    """In order and without gaps: a DAG is built before lanes run, or while one worker does."""
    bounds = [("schedule", moments.started), ("execute", moments.built)]
    if dag.took_s:
        bounds += [("schedule", dag.begun_s), ("execute", dag.begun_s + dag.took_s)]
    bounds += [("commit", moments.executed), ("", moments.committed)]
    stages = [Stage(name, _ns(start), _ns(end)) for (name, start), (_, end) in pairwise(bounds)]
    return tuple(stage for stage in stages if stage.end_ns > stage.start_ns)


def _ns(seconds: float) -> int:
    return round(seconds * 1e9)
