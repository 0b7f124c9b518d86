"""What a user asks of a simulation: policies by name, and one of anything for a list of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ...primitives import UsageError
from ..dag import Dag
from .policies import POLICIES
from .simulation import Simulation, simulate


class Asked(NamedTuple):
    """On how many workers, by which policies, and what it costs a lane to wait for another."""

    workers: list[int]
    policies: list[str]
    crossing_cost: int

    @classmethod
    def checked(
        cls, workers: int | Sequence[int], policies: str | Iterable[str], crossing_cost: int
    ) -> Asked:
        """From arguments; `simulate` checks the workers. Raises UsageError."""
        # Texts are refused as numbers are, not letter by letter.
        one = isinstance(workers, str) or not isinstance(workers, Iterable)
        counts = cast("Sequence[int]", [workers] if one else workers)
        # Lists, as they are gone through more than once: iterators would be empty by then.
        return cls(list(counts), checked_policies(policies), checked_crossing_cost(crossing_cost))

    def of(self, dag: Dag, costs: NDArray[np.int64], priorities: NDArray[np.int64]) -> Simulation:
        """The simulation of a block."""
        return simulate(
            dag,
            costs,
            self.workers,
            self.policies,
            priorities=priorities,
            crossing_cost=self.crossing_cost,
        )


def checked_policies(policies: str | Iterable[str]) -> list[str]:
    """The policies, each once. Raises UsageError, with the nearest, for one that is not there."""
    named = list(dict.fromkeys([policies] if isinstance(policies, str) else policies))
    for name in named:
        if name not in POLICIES:
            near = difflib.get_close_matches(str(name), POLICIES, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(POLICIES)
            raise UsageError(f"there is no policy {name!r}; {hint}choose from {known}")
    return named


def checked_crossing_cost(cost: int) -> int:
    """The cost. Raises UsageError for one below 0."""
    if cost < 0:
        raise UsageError(f"crossing cost {cost}: waiting for another lane cannot take less than 0")
    return cost
