"""Who waits in a pool: handed out by rank, and put back if they could not be scheduled.

This one hands out everything in every pass, as the schedulers do that are modelled here. See
sleepers.py for those that leave out what cannot be scheduled anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from .pool import Pool
from .thread_locks import ThreadLocks


class Waiting:
    """All of a pool, from the first on."""

    def __init__(self, pool: Pool, locks: ThreadLocks) -> None:
        del locks
        self._count = len(pool)
        self._next = 0  # the first that was never handed out
        self._back: list[int] = []  # a heap of those that were put back

    def pop(self, room: int) -> int | None:
        """The first that waits, if any. `room`: the threads that may be given more."""
        del room
        rank = self._next
        if self._back and self._back[0] < rank:
            return heappop(self._back)
        if rank == self._count:
            return None
        self._next = rank + 1
        return rank

    def take(self, rank: int) -> None:
        """One that was popped has been scheduled."""
        del rank

    def put_back(self, ranks: Iterable[int], room: int) -> None:
        """At the end of a pass: those that were popped and not scheduled wait again."""
        del room
        for rank in ranks:
            heappush(self._back, rank)

    def complete(self, freed: Iterable[int], thread: int) -> None:
        """A batch of this thread is done, which freed these locks."""
        del freed, thread
