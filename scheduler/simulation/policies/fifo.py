"""First in, first out: the unified scheduler, with which Agave replays blocks.

Each account has a queue of the transactions that lock it, in file order. A transaction holds an
account's lock once it is at the head of that queue, or reads it and so do all before it, and can
run once it holds all of its locks. Of those that can run, the first in the file starts first.

Source: anza-xyz/agave, unified-scheduler-logic/src/lib.rs. Left out: its threads' channels.
"""

from __future__ import annotations

from ..list_scheduling import run_by_urgency
from ..timeline import Timeline
from ..workload import Workload


def fifo(block: Workload, workers: int) -> Timeline:
    """Whatever is ready, in file order; conflicting ones never leave it."""
    # To hold all locks is to have no unfinished predecessor: the queues say what the DAG says.
    return run_by_urgency(block.dag, block.costs, [0] * len(block), workers)
