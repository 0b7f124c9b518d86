"""Waiting in a pool, asleep until something changes: passes look at few, and decide the same.

A transaction that could not be scheduled sleeps at the locks that are in its way, and need not be
looked at before one of them is free for more threads, or its thread has room again. When that
happens, only the first of those that sleep there wakes; the next follows when it is handed out,
unless the lock is closed again by then.

Guarantees: whatever a pass could schedule is handed out, by rank. Without this, each pass looks at
all that wait, so that a block takes time by the square of its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Final

from ..countdown import Countdown
from .following import Following
from .pool import Pool
from .thread_locks import ThreadLocks
from .waiting import Waiting

# Those that sleep at a lock are two queues: 2 × lock where other threads are in the way, and one
# more where a single thread is, which has enough to do.
_NO_QUEUE: Final = -1


class Sleepers(Waiting):
    """A pool of which only those are handed out that may be schedulable now."""

    def __init__(self, pool: Pool, locks: ThreadLocks) -> None:
        self._locks_of = pool.locks
        self._blocked = locks.blocked
        self._waits = [True] * len(pool)
        self._awake = [(rank, _NO_QUEUE) for rank in range(len(pool))]  # a heap
        self._asleep: dict[int, list[int]] = {}  # by queue, a heap of ranks
        self._sleeps_in: set[tuple[int, int]] = set()  # (queue, rank)
        self._until_room: dict[int, dict[int, None]] = {}  # by thread, the queues to wake
        self._in_hand: set[int] = set()

    def pop(self, room: int) -> int | None:
        """The first that may be schedulable, if any."""
        while self._awake:
            rank, queue = heappop(self._awake)
            if queue != _NO_QUEUE:
                if self._is_closed(queue, room):
                    heappush(self._asleep[queue], rank)
                    continue
                self._sleeps_in.discard((queue, rank))
                self._wake(queue)
            if self._waits[rank] and rank not in self._in_hand:
                self._in_hand.add(rank)
                return rank
        return None

    def take(self, rank: int) -> None:
        """It waits no more."""
        self._waits[rank] = False

    def put_back(self, ranks: Iterable[int], room: int) -> None:
        """Lay them to sleep where something is in their way."""
        for rank in ranks:
            self._lay(rank, room)
        self._in_hand.clear()

    def complete(self, freed: Iterable[int], thread: int) -> None:
        """Wake the first at each of the locks, and of each queue that needs the thread."""
        for lock in freed:
            self._wake(2 * lock)
            self._wake(2 * lock + 1)
        for queue in self._until_room.pop(thread, {}):
            self._wake(queue)

    def _lay(self, rank: int, room: int) -> None:
        first, needed = _NO_QUEUE, 0
        for lock in self._locks_of[rank]:
            holders = self._blocked[lock]
            if not holders:
                continue
            if holders & (holders - 1):
                self._sleep(rank, 2 * lock)
                return
            if not needed:
                first, needed = lock, holders
            elif holders != needed:  # two threads in the way: either may go first
                self._sleep(rank, 2 * first)
                self._sleep(rank, 2 * lock)
                return
        if needed and not needed & room:
            self._sleep(rank, 2 * first + 1)
            self._wake_on_room(2 * first + 1, needed)
        else:
            heappush(self._awake, (rank, _NO_QUEUE))

    def _sleep(self, rank: int, queue: int) -> None:
        if (queue, rank) not in self._sleeps_in:
            self._sleeps_in.add((queue, rank))
            heappush(self._asleep.setdefault(queue, []), rank)

    def _wake(self, queue: int) -> None:
        """Wake the first that sleeps there."""
        asleep = self._asleep.get(queue)
        while asleep:
            rank = heappop(asleep)
            if self._waits[rank]:
                heappush(self._awake, (rank, queue))
                return
            self._sleeps_in.discard((queue, rank))

    def _is_closed(self, queue: int, room: int) -> bool:
        """Whether nobody in the queue can be scheduled; if for a full thread, wake it on room."""
        holders = self._blocked[queue >> 1]
        if holders & (holders - 1):
            return True
        if not holders or holders & room:
            return False
        self._wake_on_room(queue, holders)
        return True

    def _wake_on_room(self, queue: int, holder: int) -> None:
        thread = holder.bit_length() - 1
        self._until_room.setdefault(thread, {})[queue] = None


class GreedySleepers(Sleepers):
    """For the greedy scheduler. Of those with the same locks, only the first is handed out.

    Save for what conflicts with the batches in the making. It cannot be scheduled, but where it is
    met, those batches are sent.
    """

    def __init__(self, pool: Pool, locks: ThreadLocks) -> None:
        super().__init__(pool, locks)
        self._following = Following(pool, self._waits)
        alike: dict[tuple[int, ...], list[int]] = {}
        for rank, needed in enumerate(pool.locks):
            alike.setdefault(tuple(needed), []).append(rank)
        self._awake = [(ranks[0], _NO_QUEUE) for ranks in alike.values()]
        self._is_first = [False] * len(pool)
        self._next_alike: list[int | None] = [None] * len(pool)
        for ranks in alike.values():
            self._is_first[ranks[0]] = True
            for rank, following in pairwise(ranks):
                self._next_alike[rank] = following

    def take(self, rank: int) -> None:
        """Hand out the next with the same locks, and the next that conflicts with it."""
        super().take(rank)
        alike = self._next_alike[rank]
        if alike is not None:
            self._is_first[alike] = True
            heappush(self._awake, (alike, _NO_QUEUE))
        following = self._following.first(rank)
        if following is not None and following != alike:
            heappush(self._awake, (following, _NO_QUEUE))

    def put_back(self, ranks: Iterable[int], room: int) -> None:
        """Lay the first of each kind to sleep."""
        super().put_back((rank for rank in ranks if self._is_first[rank]), room)


class GraphSleepers(Sleepers):
    """For the prio-graph scheduler: what must not overtake others sleeps until they are scheduled.

    The window then slides over what is handed out alone.
    """

    def __init__(self, pool: Pool, locks: ThreadLocks) -> None:
        super().__init__(pool, locks)
        self._countdown = Countdown(pool.precedence)
        self._awake = [(rank, _NO_QUEUE) for rank in self._countdown.free()]
        heapify(self._awake)

    def take(self, rank: int) -> None:
        """Wake those that were behind this one alone."""
        super().take(rank)
        freed: list[int] = []
        self._countdown.done(rank, freed)
        for later in freed:
            heappush(self._awake, (later, _NO_QUEUE))
