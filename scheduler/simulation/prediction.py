"""What one simulated run comes to: makespan, speed-up, idle share and latency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted


class Latency(NamedTuple):
    """By when half of the transactions, and 99 in 100, have ended, counted from the block's begin.

    Nearest ranks, so each is when some transaction really ends; 0 in an empty block.
    """

    p50: int
    p99: int


class Prediction(NamedTuple):
    """A block on so many workers. `makespan` and `latency` are in the unit of the costs.

    `speed_up`: total cost / makespan; 1.0 when there is nothing to do. `idle`: the part of the
    workers' time, 0 to 1, in which they run nothing.
    """

    workers: int
    makespan: int
    speed_up: float
    idle: float
    latency: Latency

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
        }

    def __str__(self) -> str:
        return (
            f"{counted(self.workers, 'worker')}: makespan {self.makespan:,}, "
            f"speed-up {self.speed_up:,.2f}, "
            f"idle {self.idle:.0%}, latency p50 {self.latency.p50:,} p99 {self.latency.p99:,}"
        )


def predict(ends: Sequence[int], costs: Sequence[int], workers: int) -> Prediction:
    """The figures of a run in which transaction i, of costs[i], ends at ends[i]."""
    makespan, total = max(ends, default=0), sum(costs)
    ordered = sorted(ends)
    return Prediction(
        workers=workers,
        makespan=makespan,
        speed_up=total / makespan if makespan else 1.0,
        idle=1 - total / (workers * makespan) if makespan else 0.0,
        latency=Latency(_percentile(ordered, 50), _percentile(ordered, 99)),
    )


def _percentile(ordered: Sequence[int], percent: int) -> int:
    """The lowest value that so many percent do not exceed (nearest rank)."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else 0
