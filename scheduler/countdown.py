"""A countdown: for how many each transaction still waits, as one after another is done."""

from __future__ import annotations

import numpy as np

from .precedence import Precedence


class Countdown:
    """Counts down as transactions are done, each once, in any order that the edges allow.

    `waits` by position: for how many edges it still waits. O(transactions + edges) over its life.
    """

    def __init__(self, order: Precedence) -> None:
        count, joins = order.transactions, order.joins
        later = order.direct[:, 1]
        waits = np.bincount(later, minlength=count) + np.bincount(joins.later, minlength=count)
        self.waits: list[int] = waits.tolist()
        self._later: list[int] = later.tolist()
        earlier = np.ascontiguousarray(order.direct[:, 0])
        self._starts: list[int] = earlier.searchsorted(np.arange(count + 1)).tolist()
        self._joins = joins
        self._behind = joins.behind
        self._join_waits: list[int] = np.diff(joins.earlier_offsets).tolist()

    def free(self) -> list[int]:
        """Those that wait for nobody, ascending."""
        return [position for position, waits in enumerate(self.waits) if not waits]

    def done(self, position: int, freed: list[int]) -> None:
        """Append those that waited for this one last to `freed`, ascending."""
        before = len(freed)
        waits, starts = self.waits, self._starts
        for later in self._later[starts[position] : starts[position + 1]]:
            waits[later] -= 1
            if not waits[later]:
                freed.append(later)
        if position in self._behind:
            freed[before:] = sorted([*freed[before:], *self._through_joins(position)])

    def _through_joins(self, position: int) -> list[int]:
        freed: list[int] = []
        for join in self._behind[position]:
            self._join_waits[join] -= 1
            if not self._join_waits[join]:
                freed += self._join_done(join)
        return freed

    def _join_done(self, join: int) -> list[int]:
        freed: list[int] = []
        for later in self._joins.later_of(join).tolist():
            self.waits[later] -= 1
            if not self.waits[later]:
                freed.append(later)
        return freed
