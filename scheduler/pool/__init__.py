"""Choosing from a pool of transactions, as those do who build blocks: in no simulated time.

A pool has an order, and locks; a scheduler says what runs next where, and is told what is done.
`simulation` gives that a duration; a mempool can pack blocks with it.

Guarantees: deterministic; no two that conflict are under way at a time, save in one thread's queue.
"""

from .greedy import GreedyScheduler
from .limits import GreedyLimits, PackLimits, PrioGraphLimits
from .pack import PackScheduler
from .pool import Pool
from .prio_graph import PrioGraphScheduler
from .threads import Batch, Pass

__all__ = [
    "Batch",
    "GreedyLimits",
    "GreedyScheduler",
    "PackLimits",
    "PackScheduler",
    "Pass",
    "Pool",
    "PrioGraphLimits",
    "PrioGraphScheduler",
]
