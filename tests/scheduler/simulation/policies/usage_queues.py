"""An oracle for `fifo`: the queues of the unified scheduler themselves, one for each account.

Written from how the source is described, not from its code. Holds `fifo` to the order and time of
every start; does not check the worker that a transaction runs on.
"""

from __future__ import annotations

from collections import defaultdict, deque
from heapq import heappop, heappush

from ...shapes import Raw


class UsageQueue:
    """Who uses an account, and who is blocked on it, in file order."""

    def __init__(self) -> None:
        self.readers = 0
        self.written = False
        self.blocked: deque[tuple[int, bool]] = deque()

    def lock(self, position: int, is_write: bool) -> bool:
        """Lock, or join the queue; nobody overtakes the queue. Whether it is locked."""
        if self.blocked or not self._is_free(is_write):
            self.blocked.append((position, is_write))
            return False
        self._use(is_write)
        return True

    def release(self, is_write: bool) -> list[int]:
        """Release one lock: who holds the account now, from the queue's head on."""
        if is_write:
            self.written = False
        else:
            self.readers -= 1
        unblocked: list[int] = []
        while self.blocked and self._is_free(self.blocked[0][1]):
            position, writes = self.blocked.popleft()
            self._use(writes)
            unblocked.append(position)
        return unblocked

    def _is_free(self, is_write: bool) -> bool:
        return not self.written and not (is_write and self.readers)

    def _use(self, is_write: bool) -> None:
        self.written = is_write
        self.readers += not is_write


def starts_by_queues(raw: Raw, costs: list[int], workers: int) -> list[int]:
    """When each transaction starts: whatever holds all its locks, the first in the file first."""
    accesses: list[dict[int, bool]] = []
    for transaction in raw:
        strongest: dict[int, bool] = {}
        for account, is_write in transaction:
            strongest[account] = strongest.get(account, False) or is_write
        accesses.append(strongest)
    queues: defaultdict[int, UsageQueue] = defaultdict(UsageQueue)
    blocked = [
        sum(not queues[account].lock(position, writes) for account, writes in each.items())
        for position, each in enumerate(accesses)
    ]
    runnable = [position for position, count in enumerate(blocked) if count == 0]
    running: list[tuple[int, int]] = []
    starts, now = [-1] * len(raw), 0
    while runnable or running:
        while runnable and len(running) < workers:
            position = heappop(runnable)
            starts[position] = now
            heappush(running, (now + costs[position], position))
        now = running[0][0]
        while running and running[0][0] == now:
            _, position = heappop(running)
            for account, writes in accesses[position].items():
                for freed in queues[account].release(writes):
                    blocked[freed] -= 1
                    if not blocked[freed]:
                        heappush(runnable, freed)
    return starts
