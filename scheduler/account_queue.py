"""The queue of one account: what its locks alone make the transactions of a block wait for.

Writes take turns, and reads between two writes may run together. So the longest run through a
queue has every write, and the costliest of the reads that stand between the same two.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from .critical_path import CriticalPath


class QueuedLock(NamedTuple):
    """One transaction that locks the account. `cost`: its own, in any unit."""

    position: int
    writes: bool
    cost: int


def longest_run(queue: list[QueuedLock]) -> CriticalPath:
    """The costliest chain of conflicts on this account alone; `queue` in block order.

    However many workers there are, the queue takes at least as long. Of equally costly reads, the
    first counts.

    >>> locks = [QueuedLock(0, True, 5), QueuedLock(1, False, 2), QueuedLock(4, False, 3)]
    >>> longest_run(locks)
    <CriticalPath of 2 transactions: 0 → 4, cost 8>
    """
    steps: list[QueuedLock] = []
    for is_write, side_by_side in groupby(queue, key=lambda lock: lock.writes):
        locks = list(side_by_side)
        steps += locks if is_write else [max(locks, key=lambda lock: lock.cost)]
    return CriticalPath(tuple(step.position for step in steps), sum(step.cost for step in steps))
