"""Account locks that know threads: what a thread holds, it may lock again for what it runs next.

A thread runs what it is sent in order, so conflicting transactions may wait in one thread's queue.
Sets of threads are integers, a bit for each.

Source: anza-xyz/agave, core/src/banking_stage/transaction_scheduler/thread_aware_account_locks.rs.
"""

from __future__ import annotations

from collections.abc import Sequence

from .pool import KINDS


class ThreadLocks:
    """Which threads hold which locks of Pool.locks, and how many times.

    `blocked` by lock: the threads that hold a lock which conflicts with it.
    """

    def __init__(self, threads: int, lock_count: int) -> None:
        self.every_thread = (1 << threads) - 1
        self.blocked = [0] * lock_count
        self._threads = threads
        self._held = [0] * lock_count  # by lock: the threads that hold it
        self._times: dict[int, int] = {}

    def threads_for(self, locks: Sequence[int]) -> int:
        """The threads that could take all of these: none, one, or every thread."""
        allowed = self.every_thread
        for lock in locks:
            holders = self.blocked[lock]
            if holders:
                allowed &= 0 if holders & (holders - 1) else holders
                if not allowed:
                    return 0
        return allowed

    def lock(self, locks: Sequence[int], thread: int) -> None:
        """Give these to a thread that `threads_for` allows."""
        for lock in locks:
            key = lock * self._threads + thread
            times = self._times.get(key, 0)
            self._times[key] = times + 1
            if not times:
                self._held[lock] |= 1 << thread
                self._update(lock)

    def unlock(self, locks: Sequence[int], thread: int) -> list[int]:
        """Take these back; the locks that fewer threads are in the way of now."""
        freed: list[int] = []
        for lock in locks:
            key = lock * self._threads + thread
            times = self._times[key]
            if times > 1:
                self._times[key] = times - 1
                continue
            del self._times[key]
            self._held[lock] &= ~(1 << thread)
            freed += self._update(lock)
        return freed

    def _update(self, lock: int) -> list[int]:
        """After a change to who holds a lock: which locks of the account are blocked otherwise."""
        account = lock - lock % KINDS
        reads, writes, adds = self._held[account : account + KINDS]
        before = self.blocked[account : account + KINDS]
        now = [writes | adds, reads | writes | adds, reads | writes]  # READ, WRITE, ADD
        self.blocked[account : account + KINDS] = now
        return [account + kind for kind in range(KINDS) if now[kind] != before[kind]]
