"""What Agave's two schedulers have in common: in passes, they send batches to threads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from .pool import Pool
from .thread_locks import ThreadLocks
from .threads import Batch, Pass, Threads
from .waiting import Waiting

Hands = Callable[[Pool, ThreadLocks], Waiting]


class BatchScheduler(ABC):
    """A pool, and the threads that it is divided among.

    `queued_cost`: how much may be sent to all threads together that has not come back. `hands`:
    who hands out the pool; by default, everything in every pass.
    """

    def __init__(self, pool: Pool, threads: int, queued_cost: int, hands: Hands = Waiting) -> None:
        self._pool = pool
        self._cost_of_thread = queued_cost // threads
        self._locks = ThreadLocks(threads, pool.lock_count)
        self._threads = Threads(threads, pool.costs)
        self._waiting = hands(pool, self._locks)

    @abstractmethod
    def schedule(self) -> Pass:
        """One pass over those that wait."""

    def complete(self, batch: Batch) -> None:
        """A batch is done: its locks are free, and its thread has less to do."""
        freed: list[int] = []
        for rank in batch.ranks:
            freed += self._locks.unlock(self._pool.locks[rank], batch.thread)
        self._threads.complete(batch)
        self._waiting.complete(freed, batch.thread)

    def _give(self, rank: int, thread: int) -> int:
        """Schedule one on a thread; how long its batch in the making is now."""
        self._locks.lock(self._pool.locks[rank], thread)
        self._waiting.take(rank)
        return self._threads.add(thread, rank)

    def _is_full(self, thread: int) -> bool:
        return self._threads.costs[thread] >= self._cost_of_thread
