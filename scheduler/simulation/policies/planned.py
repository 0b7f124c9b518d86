"""Policies that look at the whole DAG: in waves, in lanes as the runtime, or as data flows."""

from __future__ import annotations

from ...chains import remaining_costs
from ...plan import plan_without_barriers
from ..lane_timing import time_lanes
from ..list_scheduling import run_by_urgency, run_in_waves
from ..timeline import Timeline
from ..workload import Workload


def waves(block: Workload, workers: int) -> Timeline:
    """A barrier after each wave."""
    return run_in_waves([wave.tolist() for wave in block.dag.waves], block.costs, workers)


def lanes(block: Workload, workers: int) -> Timeline:
    """Planned beforehand, with waits between lanes instead of barriers; as the runtime does."""
    plan = plan_without_barriers(block.dag, block.costs, workers)
    return time_lanes(plan, block.costs, block.crossing_cost)


def dataflow(block: Workload, workers: int) -> Timeline:
    """Whatever is ready, the longest remaining path first."""
    urgency = remaining_costs(block.dag.order, block.costs)
    return run_by_urgency(block.dag, block.costs, urgency, workers)
