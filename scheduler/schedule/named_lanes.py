"""A plan's lanes with the names of their transactions, and how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import in_one_line
from ..plan import Plan
from ..simulation import predict
from ..simulation.lane_timing import time_lanes


@dataclass(frozen=True, repr=False)
class NamedLanes:
    """What each of `workers` lanes runs, in order: a list of ids each. Figures as in Prediction."""

    workers: int
    makespan: int
    speed_up: float
    idle: float
    lanes: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """As in `lanes` of `sealane plan --json`."""
        return {
            "workers": self.workers,
            "makespan": exact_integer(self.makespan),
            "speed_up": self.speed_up,
            "idle": self.idle,
        }

    def __repr__(self) -> str:
        lens = ", ".join(f"{len(lane):,}" for lane in self.lanes)
        return in_one_line(
            f"{self.workers} lanes, makespan {self.makespan:,}, speed-up {self.speed_up:,.2f}, "
            f"idle {self.idle:.0%}: {lens}"
        )


def name_lanes(ids: Sequence[str], costs: NDArray[np.int64], plan: Plan) -> NamedLanes:
    """The lanes of a plan of these transactions."""
    weights: list[int] = costs.tolist()
    found = predict(time_lanes(plan, weights), sum(weights), plan.lane_count)
    bounds: list[int] = plan.lane_offsets.tolist()
    order: list[int] = plan.order.tolist()
    named = [ids[position] for position in order]
    lanes = tuple(tuple(named[bounds[n] : bounds[n + 1]]) for n in range(plan.lane_count))
    return NamedLanes(plan.lane_count, found.makespan, found.speed_up, found.idle, lanes)
