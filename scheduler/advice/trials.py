"""Trials: a block with changes made to it, and its critical path. Computed, never estimated.

A trial builds the edges anew, in O(accesses) beside a sort: 0.4 ms for a mainnet block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..causes.wins import lane_speed_ups
from ..critical_path import CriticalPath, heaviest_path, parallelism
from ..dag import build_dag
from ..precedence import Precedence
from ..what_if import without_transactions
from .change import Change

# How many accesses all trials of a block may look at. A mainnet block's are tried 3,000 times, in a
# second; a block of 100,000 transactions some tens of times.
ACCESSES_TRIED_MAX: Final = 32_000_000

Changes = tuple[Change, ...]


@dataclass(frozen=True, eq=False)
class Trial:
    """A block after `changes`. `path`: positions among the transactions that are left."""

    changes: Changes
    access: AccessLists
    costs: NDArray[np.int64]
    path: CriticalPath

    @cached_property
    def total_cost(self) -> int:
        """The sum of the costs that are left."""
        return sum(self.costs.tolist())

    @property
    def parallelism(self) -> float:
        """The speed-up that no number of workers exceeds."""
        return parallelism(self.total_cost, self.path.cost)

    def speed_ups(self, *workers: int) -> dict[int, float]:
        """On so many lanes, planned as the runtime does."""
        return lane_speed_ups(build_dag(self.access), self.costs, workers)


class Trials:
    """Tries changes to one block, each set of them once, until ACCESSES_TRIED_MAX.

    `left_out` bool[n] by word: transactions that changes may leave out.
    """

    def __init__(
        self,
        access: AccessLists,
        costs: NDArray[np.int64],
        path: CriticalPath,
        left_out: Mapping[str, NDArray[np.bool_]],
    ) -> None:
        self.as_it_is = Trial((), access, costs, path)
        self.left_out = left_out
        self._room = ACCESSES_TRIED_MAX
        self._tried: dict[Changes, Trial] = {(): self.as_it_is}

    def tried(self, *changes: Change) -> Trial | None:
        """The block after all of these changes; None once too much has been tried."""
        key = tuple(sorted(changes))
        if key not in self._tried:
            self._room -= len(self.as_it_is.access.accounts)
            if self._room < 0:
                return None
            self._tried[key] = self._try(key)
        return self._tried[key]

    def _try(self, changes: Changes) -> Trial:
        access, costs = self.as_it_is.access, self.as_it_is.costs
        gone = np.zeros(len(access), dtype=np.bool_)
        for change in changes:
            if change.left_out:
                gone |= self.left_out[change.left_out]
        if gone.any():
            access, costs = without_transactions(access, gone), costs[~gone]
        for change in changes:
            access = change.relocked(access)
        return Trial(changes, access, costs, heaviest_path(Precedence.of(access), costs))
