"""What a block would take on so many workers, under several policies. Nothing runs.

Guarantees: deterministic and in integers; costs are the block's own, and a makespan is in the same
unit. Does not: count what scheduling, waiting or moving data takes on a machine.
"""

from .lane_timing import CROSSING_NS, time_lanes
from .policies import POLICIES, REORDERING
from .prediction import Latency, Prediction, predict
from .simulation import WORKER_COUNTS, Simulation, simulate
from .timeline import Run, Timeline
from .workload import Workload

__all__ = [
    "CROSSING_NS",
    "POLICIES",
    "REORDERING",
    "WORKER_COUNTS",
    "Latency",
    "Prediction",
    "Run",
    "Simulation",
    "Timeline",
    "Workload",
    "predict",
    "simulate",
    "time_lanes",
]
