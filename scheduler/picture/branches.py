"""The critical path as a tree: on what each step waits, and what else hangs off it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..access import AccessLists
from ..chains import remaining_costs
from ..conflict import Conflict, conflicts_between
from ..critical_path import CriticalPath
from ..dag import Dag


class Branch(NamedTuple):
    """A transaction that also waits directly for one of the path.

    `remaining`: the cost of the costliest chain that begins with it. `conflicts`: with the path's.
    """

    position: int
    remaining: int
    conflicts: tuple[Conflict, ...]


class PathStep(NamedTuple):
    """One transaction of the path: with what it conflicts with the one before, and its branches.

    `conflicts` is empty for the first. `branches`: at most as many as were asked for, the
    costliest first; `branch_count`: of all.
    """

    position: int
    conflicts: tuple[Conflict, ...]
    branches: tuple[Branch, ...]
    branch_count: int


def path_steps(
    access: AccessLists, dag: Dag, costs: Sequence[int], path: CriticalPath, branches_max: int
) -> list[PathStep]:
    """The path's transactions in order, each with its costliest branches (ties: lowest position).

    O(transactions + edges) beside the conflicts that are named.
    """
    positions = path.transactions
    remaining = remaining_costs(dag.order, costs)
    following = _Following(dag, remaining, frozenset(positions), branches_max)
    steps: list[PathStep] = []
    for before, position in pairwise([-1, *positions]):
        reasons = conflicts_between(access, before, position) if before >= 0 else []
        branches = tuple(
            Branch(later, remaining[later], tuple(conflicts_between(access, position, later)))
            for later in following.costliest(position)
        )
        count = following.count(position)
        steps.append(PathStep(position, tuple(reasons), branches, count))
    return steps


class _Following:
    """Who waits directly for a step and is not on the path; looks through each join once."""

    def __init__(
        self, dag: Dag, remaining: Sequence[int], on_path: frozenset[int], limit: int
    ) -> None:
        self._dag = dag
        self._remaining = remaining
        self._on_path = on_path
        self._limit = limit
        self._of_join: dict[int, _Behind] = {}

    def costliest(self, position: int) -> list[int]:
        """The first few by remaining cost, then by position."""
        found = {later for later in self._direct(position) if later not in self._on_path}
        for each in self._joined(position):
            found.update(each.costliest)
        return sorted(found, key=self._rank)[: self._limit]

    def count(self, position: int) -> int:
        """How many there are."""
        joined = frozenset[int]().union(*(each.on_path for each in self._joined(position)))
        direct = self._on_path.intersection(self._direct(position))
        return int(self._dag.neighbours.behind[position]) - len(joined) - len(direct - joined)

    def _direct(self, position: int) -> list[int]:
        return self._dag.successors(position, set(self._dag.joins.behind.get(position, ())))

    def _joined(self, position: int) -> list[_Behind]:
        joins = self._dag.joins.behind.get(position, ())
        for join in joins:
            if join not in self._of_join:
                later: list[int] = self._dag.joins.later_of(join).tolist()
                others = sorted((p for p in later if p not in self._on_path), key=self._rank)
                on_path = self._on_path.intersection(later)
                self._of_join[join] = _Behind(others[: self._limit], on_path)
        return [self._of_join[join] for join in joins]

    def _rank(self, position: int) -> tuple[int, int]:
        return -self._remaining[position], position


class _Behind(NamedTuple):
    """Of those that wait for a join: the costliest beside the path, and those on the path."""

    costliest: list[int]
    on_path: frozenset[int]
