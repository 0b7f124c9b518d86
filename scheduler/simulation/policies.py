"""Policies by name: each says when every transaction ends on so many workers.

A policy is a function of DAG, costs by position, and workers. All respect every edge of the DAG.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..dag import Dag
from ..plan import make_plan
from .lane_timing import lane_ends
from .list_scheduling import run_by_urgency, run_in_waves
from .remaining import remaining_costs

Policy = Callable[[Dag, list[int], int], list[int]]


def waves(dag: Dag, costs: list[int], workers: int) -> list[int]:
    """A barrier after each wave."""
    return run_in_waves([wave.tolist() for wave in dag.waves], costs, workers)


def lanes(dag: Dag, costs: list[int], workers: int) -> list[int]:
    """Planned beforehand, with waits between lanes instead of barriers; as the runtime does."""
    return lane_ends(make_plan(dag, costs, workers, len(dag) + 1), costs)


def dataflow(dag: Dag, costs: list[int], workers: int) -> list[int]:
    """Whatever is ready, the longest remaining path first."""
    return run_by_urgency(dag, costs, remaining_costs(dag, costs), workers)


POLICIES: Final[Mapping[str, Policy]] = {"waves": waves, "lanes": lanes, "dataflow": dataflow}
