"""How a packer goes through those that wait: the schedulers that `simulate` has, in no time."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ..pool import GreedyScheduler, Pool, PrioGraphScheduler
from ..pool.batch_scheduler import BatchScheduler, Hands
from ..pool.limits import GreedyLimits, PrioGraphLimits


class Policy(StrEnum):
    """GREEDY: by priority, whatever can be locked now; later ones may overtake those they conflict
    with. PRIO_GRAPH: level by level of the conflict graph, so nothing overtakes a conflict."""

    GREEDY = "greedy"
    PRIO_GRAPH = "prio-graph"

    def scheduler(self, pool: Pool, threads: int, queued_cost: int, hands: Hands) -> BatchScheduler:
        """`queued_cost`: how much may be on its way to all threads together, as in GreedyLimits."""
        if self is Policy.GREEDY:
            return GreedyScheduler(
                pool, threads, replace(GreedyLimits(), queued_cost=queued_cost), hands
            )
        limits = replace(PrioGraphLimits(), queued_cost=queued_cost)
        return PrioGraphScheduler(pool, threads, limits, hands)
