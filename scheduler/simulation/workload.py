"""What a policy gets to know of a block: who waits for whom, costs, and priorities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..access import AccessLists
from ..dag import Dag
from ..pool import Pool
from ..pool.pack import scores


@dataclass(frozen=True, repr=False)
class Workload:
    """A block to simulate. `costs` and `priorities` by position; a higher priority goes first.

    `crossing_cost`: how much longer a lane waits for another than for itself, in the unit of the
    costs. Only the policies that say so look at priorities, or at the crossing cost.
    """

    dag: Dag
    costs: list[int]
    priorities: list[int]
    crossing_cost: int = 0

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.costs)

    def __repr__(self) -> str:
        return f"<Workload of {len(self):,} transactions, total cost {self.total_cost:,}>"

    @property
    def access(self) -> AccessLists:
        """Who locks what."""
        return self.dag.access

    @cached_property
    def total_cost(self) -> int:
        """The sum of all costs: what one worker takes."""
        return sum(self.costs)

    @cached_property
    def pool(self) -> Pool:
        """The block to choose from: the highest priority first, then file order."""
        return Pool.ordered(self.access, self.costs, self.priorities)

    @cached_property
    def paying_pool(self) -> Pool:
        """The block to choose from: the best reward by cost first, then file order."""
        return Pool.ordered(self.access, self.costs, scores(self.priorities, self.costs))
