"""Of those that wait in a pool: the first behind some transaction that conflicts with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from .pool import Pool


class Following:
    """`waits` by rank: whether it still does; a caller clears that, and never sets it again."""

    def __init__(self, pool: Pool, waits: Sequence[bool]) -> None:
        self._conflicts = pool.conflicts
        self._ranks = pool.ranks
        self._waits = waits
        self._next: dict[int, list[int]] = {}  # by lock: where to look on from each place in ranks

    def first(self, rank: int) -> int | None:
        """The lowest rank above this one that waits and conflicts with it."""
        found: int | None = None
        for lock in self._conflicts[rank]:
            following = self._first_with(lock, rank)
            if following is not None and (found is None or following < found):
                found = following
        return found

    def _first_with(self, lock: int, rank: int) -> int | None:
        ranks, waits = self._ranks[lock], self._waits
        begin = place = bisect_right(ranks, rank)
        if place == len(ranks):
            return None
        if waits[ranks[place]]:
            return ranks[place]
        following = self._next.get(lock)
        if following is None:
            following = self._next[lock] = list(range(1, len(ranks) + 1))
        while place < len(ranks) and not waits[ranks[place]]:
            place = following[place]
        while begin < place:  # so that nobody walks the same way again
            following[begin], begin = place, following[begin]
        return ranks[place] if place < len(ranks) else None
