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
    on_path = frozenset(positions)
    steps: list[PathStep] = []
    for before, position in pairwise([-1, *positions]):
        reasons = conflicts_between(access, before, position) if before >= 0 else []
        others = [later for later in dag.successors(position) if later not in on_path]
        costliest = sorted(others, key=lambda later: (-remaining[later], later))[:branches_max]
        branches = tuple(
            Branch(later, remaining[later], tuple(conflicts_between(access, position, later)))
            for later in costliest
        )
        steps.append(PathStep(position, tuple(reasons), branches, len(others)))
    return steps
