"""What one simulated run comes to: makespan, speed-up, idle share and latency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted
from .timeline import Timeline


class Latency(NamedTuple):
    """By when half of the transactions, and 99 in 100, have ended, counted from the block's begin.

    Nearest ranks, so each is when some transaction really ends; 0 in an empty block.
    """

    p50: int
    p99: int


class Prediction(NamedTuple):
    """A block on so many workers. `makespan` and `latency` are in the unit of the costs.

    `speed_up`: total cost / makespan; 1.0 when there is nothing to do. `idle`: the part of the
    workers' time, 0 to 1, in which they run nothing. `reruns`: how many executions came to nothing
    and were repeated.
    """

    workers: int
    makespan: int
    speed_up: float
    idle: float
    latency: Latency
    reruns: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As in the document of a Simulation: the fields, `latency` as an object."""
        return {
            "workers": self.workers,
            "makespan": exact_integer(self.makespan),
            "speed_up": self.speed_up,
            "idle": self.idle,
            "latency": {
                "p50": exact_integer(self.latency.p50),
                "p99": exact_integer(self.latency.p99),
            },
            "reruns": self.reruns,
        }

    def __str__(self) -> str:
        return (
            f"{counted(self.workers, 'worker')}: makespan {self.makespan:,}, "
            f"speed-up {self.speed_up:,.2f}, "
            f"idle {self.idle:.0%}, latency p50 {self.latency.p50:,} p99 {self.latency.p99:,}"
        )


def predict(timeline: Timeline, total: int, workers: int) -> Prediction:
    """The figures of a run of transactions that cost `total` together."""
    makespan, ordered = timeline.makespan, sorted(timeline.ends)
    wasted = sum(run.end - run.start for run in timeline.aborted)
    return Prediction(
        workers=workers,
        makespan=makespan,
        speed_up=total / makespan if makespan else 1.0,
        idle=1 - (total + wasted) / (workers * makespan) if makespan else 0.0,
        latency=Latency(_percentile(ordered, 50), _percentile(ordered, 99)),
        reruns=len(timeline.aborted),
    )


def _percentile(ordered: Sequence[int], percent: int) -> int:
    """The lowest value that so many percent do not exceed (nearest rank)."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else 0
