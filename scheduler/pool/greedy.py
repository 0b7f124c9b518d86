"""Agave's greedy scheduler: by priority, what can be locked now, on the thread with least to do.

What conflicts with the batches in the making sends them on their way first, so no batch holds two
that conflict. What cannot be locked, or only by a thread that has enough to do, is tried again in
the next pass; until then later ones may overtake it, also those that conflict with it.

Source: anza-xyz/agave@abf4747e, core/src/banking_stage/transaction_scheduler/greedy_scheduler.rs.
"""

from __future__ import annotations

from .account_set import AccountSet
from .batch_scheduler import BatchScheduler, Hands
from .limits import GreedyLimits
from .pool import Pool
from .threads import Pass, least_loaded
from .waiting import Waiting


class GreedyScheduler(BatchScheduler):
    """Schedules a pool in passes. Between them, tell it which batches are done.

    >>> from sealane.scheduler import AccessLists
    >>> access, _ = AccessLists.from_sets([([], ["a"]), ([], ["a"]), ([], ["b"])])
    >>> pool = Pool.ordered(access, costs=[1, 1, 1], priorities=[0, 9, 0])
    >>> [pool.positions[rank] for rank in range(3)]
    [1, 0, 2]
    >>> sent = GreedyScheduler(pool, threads=2).schedule().batches
    >>> [(batch.thread, batch.ranks) for batch in sent]
    [(0, (0,)), (0, (1,)), (1, (2,))]
    """

    def __init__(
        self, pool: Pool, threads: int, limits: GreedyLimits | None = None, hands: Hands = Waiting
    ) -> None:
        self._limits = limits or GreedyLimits()
        super().__init__(pool, threads, self._limits.queued_cost, hands)
        self._making = AccountSet(pool)

    def schedule(self) -> Pass:
        """One pass over those that wait."""
        room = self._threads.below(self._cost_of_thread)
        scanned = conflicts = 0
        left: list[int] = []
        while room and scanned < self._limits.scanned_max:
            rank = self._waiting.pop(room)
            if rank is None:
                break
            scanned += 1
            if not self._making.allows(rank):
                self._send_all()
            allowed = self._locks.threads_for(self._pool.locks[rank])
            if allowed & room:
                room &= ~self._take(rank, allowed & room)
            else:
                left.append(rank)
                conflicts += not allowed
        self._send_all()
        self._waiting.put_back(left, room)
        return Pass(self._threads.take_sent(), conflicts, len(left) - conflicts)

    def _take(self, rank: int, allowed: int) -> int:
        """Schedule one. Returns the threads that have enough to do now."""
        thread = least_loaded(allowed, self._threads.costs, self._threads.counts)
        self._making.take(rank)
        if self._give(rank, thread) >= self._limits.batch_len_max:
            self._send_all()
        return 1 << thread if self._is_full(thread) else 0

    def _send_all(self) -> None:
        self._making.clear()
        self._threads.send_all()
