"""A graph of what conflicts within a window, in which the unblocked are on top, by rank.

Popping something does not unblock what is behind it yet, so what is popped until then, a *level*,
does not conflict. Whoever conflicts with a whole run of transactions waits for the run, not for
each of them.

Source: apfitzge/prio-graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from ..access import WRITE
from .pool import KINDS


class _Run:
    """Transactions that lock an account in the same way, and the run before them.

    `left`: how many of them have not been unblocked. `blocked`: who waits until none is.
    """

    __slots__ = ("before", "blocked", "kind", "left")

    def __init__(self, kind: int, before: _Run | None) -> None:
        self.kind = kind
        self.before = before
        self.left = 0
        self.blocked: list[int] = []


class GraphLevels:
    """`locks` by rank, as in a Pool. Insert in ascending order of rank."""

    def __init__(self, locks: Sequence[Sequence[int]]) -> None:
        self._locks = locks
        self._runs: dict[int, _Run] = {}
        self._in_runs: dict[int, list[_Run]] = {}  # by rank; not there once it is unblocked
        self._blocked_by: dict[int, int] = {}
        self._top: list[int] = []

    def __bool__(self) -> bool:
        """Whether something can be popped."""
        return bool(self._top)

    def insert(self, rank: int) -> None:
        """Behind all that it conflicts with and that has not been unblocked."""
        blockers = 0
        runs: list[_Run] = []
        for lock in self._locks[rank]:
            run = self._join(lock)
            run.left += 1
            runs.append(run)
            before = run.before
            if before is not None and before.left:
                before.blocked.append(rank)
                blockers += 1
        self._in_runs[rank] = runs
        if blockers:
            self._blocked_by[rank] = blockers
        else:
            heappush(self._top, rank)

    def pop(self) -> int | None:
        """The first on top."""
        return heappop(self._top) if self._top else None

    def unblock(self, rank: int) -> None:
        """Something that was popped blocks nothing any more."""
        for run in self._in_runs.pop(rank):
            run.left -= 1
            if not run.left and run.blocked:
                self._release(run)

    def _release(self, run: _Run) -> None:
        blocked_by = self._blocked_by
        for blocked in run.blocked:
            blocked_by[blocked] -= 1
            if not blocked_by[blocked]:
                heappush(self._top, blocked)
        run.blocked.clear()

    def drain(self) -> list[int]:
        """Everything that is left; empties the graph."""
        left: list[int] = []
        while (rank := self.pop()) is not None:
            left.append(rank)
            self.unblock(rank)
        self._runs.clear()
        self._blocked_by.clear()
        return left

    def _join(self, lock: int) -> _Run:
        """The run that a lock belongs to: the last of its account, or a new one."""
        kind = lock % KINDS
        account = lock - kind
        last = self._runs.get(account)
        if last is not None:
            if kind == last.kind and kind != WRITE:
                return last
            last.before = None  # whoever waits for it is known by now
        run = self._runs[account] = _Run(kind, last)
        return run
