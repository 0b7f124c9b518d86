"""Those of a pool that may still fit in the block, handed out by rank.

What did not fit once never will: a block only becomes fuller while it is packed. So it is passed
over and not looked at again, and cheaper ones behind it may go in. The search ends where

- nothing that waits is cheap enough for what is left of the block, or there is room for none;
- PASSED_OVER_MAX were too much for what is left of the block, in cost, allocated data or bytes.
  What the limit of its account, of votes or of one transaction keeps out does not count: it says
  nothing about the room for others;
- LOOKED_AT_MAX were looked at, the highest priorities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...primitives import UsageError
from ..pool import Pool
from ..pool.thread_locks import ThreadLocks
from ..pool.waiting import Waiting
from .block_costs import BlockCosts, Item, Limit
from .block_limits import BlockLimits

# MAX_SCANNED_TRANSACTIONS_PER_SCHEDULING_PASS in agave (greedy_scheduler.rs) is as many.
LOOKED_AT_MAX: Final = 100_000
PASSED_OVER_MAX: Final = 1_024

_SHARED_ROOM: Final = (Limit.BLOCK, Limit.ALLOCATED, Limit.BYTES)


@dataclass(frozen=True, slots=True)
class LookAhead:
    """How far a packer looks. Raises UsageError for a bound below 1."""

    looked_at_max: int = LOOKED_AT_MAX
    passed_over_max: int = PASSED_OVER_MAX

    def __post_init__(self) -> None:
        for name, bound in (
            ("looked_at_max", self.looked_at_max),
            ("passed_over_max", self.passed_over_max),
        ):
            if bound < 1:
                raise UsageError(f"{name}={bound}: a packer looks at one transaction at least")


class Filling:
    """A block while it is packed. `items` by rank. `ended`: the search is over."""

    def __init__(self, items: Sequence[Item], limits: BlockLimits, look_ahead: LookAhead) -> None:
        self.costs = BlockCosts(limits)
        self.refused: Counter[Limit] = Counter()
        self.ended = not items
        self._items = items
        self._passed_over_max = look_ahead.passed_over_max
        self._undecided = min(len(items), look_ahead.looked_at_max)
        # From there on not even the cheapest fits.
        self._cost_to_end = limits.cost_max - min((item.cost for item in items), default=0)

    def take(self, rank: int) -> bool:
        """Put one in the block, if it fits."""
        item, costs = self._items[rank], self.costs
        if not self._fits(item):
            return False
        costs.add(item)
        full = costs.cost > self._cost_to_end or costs.count == costs.limits.transactions_max
        self._decide(ends=full)
        return True

    def may_fit(self, rank: int) -> bool:
        """Whether one is worth scheduling. Until something has been refused, everything is."""
        return not self.refused or self._fits(self._items[rank])

    def _fits(self, item: Item) -> bool:
        found = self.costs.excess(item)
        if found is None:
            return True
        self.refused[found[0]] += 1
        passed_over = sum(self.refused[limit] for limit in _SHARED_ROOM)
        self._decide(ends=passed_over >= self._passed_over_max)
        return False

    def _decide(self, *, ends: bool) -> None:
        self._undecided -= 1
        if ends or not self._undecided:
            self.ended = True


class Fitting(Waiting):
    """Hands out a pool as Waiting does, without those that cannot fit in the block any more."""

    def __init__(self, pool: Pool, locks: ThreadLocks, filling: Filling) -> None:
        super().__init__(pool, locks)
        self._filling = filling

    def pop(self, room: int) -> int | None:
        """The first that waits and may fit, if any."""
        filling = self._filling
        while not filling.ended:
            rank = super().pop(room)
            if rank is None or filling.may_fit(rank):
                return rank
        return None
