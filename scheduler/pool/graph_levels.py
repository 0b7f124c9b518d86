"""A graph of what conflicts within a window, in which the unblocked are on top, by rank.

Popping something does not unblock what is behind it yet, so what is popped until then, a *level*,
does not conflict.

Source: apfitzge/prio-graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from ..access import WRITE
from .pool import KINDS


class _Run(NamedTuple):
    """The last transactions that lock an account in the same way, and those before them."""

    kind: int
    now: list[int]
    before: list[int]


class GraphLevels:
    """`locks` by rank, as in a Pool. Insert in ascending order of rank."""

    def __init__(self, locks: Sequence[Sequence[int]]) -> None:
        self._locks = locks
        self._runs: dict[int, _Run] = {}
        self._blocks: dict[int, list[int]] = {}  # by rank; not there once it is unblocked
        self._blocked_by: dict[int, int] = {}
        self._top: list[int] = []

    def __bool__(self) -> bool:
        """Whether something can be popped."""
        return bool(self._top)

    def insert(self, rank: int) -> None:
        """Behind all that it conflicts with and that has not been unblocked."""
        blockers = 0
        for lock in self._locks[rank]:
            for other in self._join(lock, rank):
                blocked = self._blocks.get(other)
                if blocked is not None and (not blocked or blocked[-1] != rank):
                    blocked.append(rank)
                    blockers += 1
        self._blocks[rank] = []
        self._blocked_by[rank] = blockers
        if not blockers:
            heappush(self._top, rank)

    def pop(self) -> int | None:
        """The first on top."""
        return heappop(self._top) if self._top else None

    def unblock(self, rank: int) -> None:
        """Something that was popped blocks nothing any more."""
        for blocked in self._blocks.pop(rank):
            self._blocked_by[blocked] -= 1
            if not self._blocked_by[blocked]:
                heappush(self._top, blocked)

    def drain(self) -> list[int]:
        """Everything that is left; empties the graph."""
        left: list[int] = []
        while (rank := self.pop()) is not None:
            left.append(rank)
            self.unblock(rank)
        self._runs.clear()
        self._blocked_by.clear()
        return left

    def _join(self, lock: int, rank: int) -> list[int]:
        """Lock an account in the graph; those that it must be behind."""
        account, kind = divmod(lock, KINDS)
        run = self._runs.get(account)
        if run is None:
            self._runs[account] = _Run(kind, [rank], [])
            return []
        if kind == run.kind and kind != WRITE:
            run.now.append(rank)
            return run.before
        self._runs[account] = _Run(kind, [rank], run.now)
        return run.now
