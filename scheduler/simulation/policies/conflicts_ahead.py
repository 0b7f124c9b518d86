"""What optimistic execution must know of later transactions: who has begun, and who waits.

Of a join, neither is kept for each pair: who has begun behind it is in one list, and it counts for
one estimate as long as there is any before it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...precedence import Precedence


class Begun:
    """Who conflicts with a transaction, comes later, and has begun."""

    def __init__(self, order: Precedence) -> None:
        self._later = direct_successors(order)
        self._before, self._behind = order.joins.before, order.joins.behind
        self._begun: list[list[tuple[int, int]]] = [[] for _ in range(len(order.joins))]

    def begin(self, position: int, now: int) -> None:
        """It begins to be executed."""
        if position in self._before:
            for join in self._before[position]:
                self._begun[join].append((now, position))

    def behind(self, position: int, time: int) -> list[int]:
        """Those that may have begun before this time, to be aborted: they are told once."""
        found = self._later[position]
        if position not in self._behind:
            return found
        for join in self._behind[position]:
            begun = self._begun[join]
            found = [*found, *(later for start, later in begun if start < time)]
            self._begun[join] = [each for each in begun if each[0] >= time]
        return found


class Estimates:
    """Who is expected to write once more, and so makes those that conflict with it wait.

    `before` by position: how many edges lead to it from such transactions, and such joins.
    """

    def __init__(self, order: Precedence) -> None:
        self.before = [0] * order.transactions
        self._later = direct_successors(order)
        self._joins, self._behind = order.joins, order.joins.behind
        self._is_estimated = [False] * order.transactions
        self._before_join = [0] * len(order.joins)

    def expect(self, position: int) -> bool:
        """Expect it to write once more; False if that is so already."""
        if self._is_estimated[position]:
            return False
        self._is_estimated[position] = True
        for later in self._behind_it(position, 1):
            self.before[later] += 1
        return True

    def settle(self, position: int) -> list[int]:
        """It has written: those that wait for less than before, if it was expected to."""
        if not self._is_estimated[position]:
            return []
        self._is_estimated[position] = False
        waited = self._behind_it(position, -1)
        for later in waited:
            self.before[later] -= 1
        return waited

    def _behind_it(self, position: int, change: int) -> list[int]:
        """The direct successors, and those behind joins that this is the first, or last, before."""
        found = self._later[position]
        for join in self._behind.get(position, ()):
            count = self._before_join[join]
            self._before_join[join] = count + change
            if not count or not count + change:
                later: list[int] = self._joins.later_of(join).tolist()
                found = [*found, *later]
        return found


def direct_successors(order: Precedence) -> list[list[int]]:
    """By position: who waits for it by an edge of their own."""
    later: list[int] = order.direct[:, 1].tolist()
    earlier = np.ascontiguousarray(order.direct[:, 0])
    bounds: list[int] = earlier.searchsorted(np.arange(order.transactions + 1)).tolist()
    return [later[start:stop] for start, stop in pairwise(bounds)]
