"""The queue of one account: what its locks alone make the transactions of a block wait for.

In a hierarchy, what locks an account above or below it is in its queue as well. However many
workers there are, the queue takes at least as long as its longest run: the costliest chain of
conflicts among the locks that are in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .access import WRITE, AccessLists
from .critical_path import CriticalPath, critical_path
from .dag import build_dag
from .hierarchy import related
from .what_if import kept_accesses, without_transactions


class QueuedLock(NamedTuple):
    """One transaction that locks the account, and how: READ, WRITE or ADD.

    `accounts`: which accounts it locks there, ascending; more than one only in a hierarchy, where
    WRITE stands for locks of several kinds.
    """

    position: int
    kind: int
    accounts: tuple[int, ...]


def account_queue(access: AccessLists, account: int) -> list[QueuedLock]:
    """Who locks an account, or one above or below it, in block order."""
    queued = _queued(access, account)
    rows = np.flatnonzero(np.diff(queued.offsets))
    locks: list[QueuedLock] = []
    for position in rows.tolist():
        mine = slice(queued.offsets[position], queued.offsets[position + 1])
        kinds: set[int] = set(queued.kinds_of(mine).tolist())
        accounts: list[int] = queued.accounts[mine].tolist()
        kind = kinds.pop() if len(kinds) == 1 else WRITE
        locks.append(QueuedLock(position, kind, tuple(sorted(accounts))))
    return locks


def longest_run(access: AccessLists, account: int, costs: NDArray[np.int64]) -> CriticalPath:
    """The costliest chain in the queue, by position in the block. `costs` int64[n], checked.

    Of equally costly ones, as `critical_path`.

    >>> access, _ = AccessLists.from_sets([([], ["x"]), (["x"], []), ([], ["y"]), (["x"], [])])
    >>> longest_run(access, 0, np.array([5, 2, 9, 3]))
    <CriticalPath of 2 transactions: 0 → 3, cost 8>
    """
    queued = _queued(access, account)
    is_queued = np.diff(queued.offsets) > 0
    positions = np.flatnonzero(is_queued)
    alone = without_transactions(queued, ~is_queued)
    path = critical_path(build_dag(alone), costs[is_queued])
    return CriticalPath(tuple(positions[list(path.transactions)].tolist()), path.cost)


def _queued(access: AccessLists, account: int) -> AccessLists:
    """The accesses that are in the queue, of all transactions."""
    locked = related(access.parents, account, access.account_count)
    return kept_accesses(access, locked[access.accounts])
