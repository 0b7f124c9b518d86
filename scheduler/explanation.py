"""Explanations: why a transaction runs in the wave it does, and how two depend on each other.

Built on the DAG's edges. A conflict that a path of other edges implies has no edge of
its own; `dependency` still finds it, because it looks at the access lists first.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .access import AccessLists
from .conflict import Conflict, conflicts_between
from .dag import Dag


class Predecessor(NamedTuple):
    """A transaction directly before another, and every account they conflict on."""

    position: int
    conflicts: tuple[Conflict, ...]


class Step(NamedTuple):
    """One step back along a chain: a transaction, and its conflict with the one that follows it.

    If they conflict on several accounts, `conflict` is the one with the lowest id, and `also` has
    the others.
    """

    position: int
    conflict: Conflict
    also: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why transaction `position` runs in wave `wave`.

    `blocked_by`: direct predecessors in the wave just before, the reason for this wave.
    `also_after`: the other direct predecessors, in earlier waves.
    `chain`: one way back to wave 0, one step per wave, nearest first; empty in wave 0.
    `waiting`: the direct successors. All in ascending position.
    """

    position: int
    wave: int
    blocked_by: tuple[Predecessor, ...]
    also_after: tuple[Predecessor, ...]
    chain: tuple[Step, ...]
    waiting: tuple[int, ...]


@dataclass(frozen=True)
class Dependency:
    """How two transactions are ordered: by `conflicts` of their own, or through `chain`.

    Exactly one of the two is not empty. The chain steps back from `later` and ends at
    `earlier`; it is a shortest one; of several, the one with the lowest positions.
    """

    earlier: int
    later: int
    conflicts: tuple[Conflict, ...]
    chain: tuple[Step, ...]


def explain(access: AccessLists, dag: Dag, position: int) -> Explanation:
    """Why this transaction runs where it does. Raises IndexError."""
    wave_of = dag.waves.wave_of
    predecessors = dag.predecessors(position)
    wave = int(wave_of[position])
    predecessors = [
        Predecessor(p, tuple(conflicts_between(access, p, position))) for p in predecessors
    ]
    blockers = _Blockers(dag)
    chain = [position]
    while wave_of[chain[-1]] > 0:
        chain.append(blockers.of(chain[-1]))
    return Explanation(
        position=position,
        wave=wave,
        blocked_by=tuple(
            predecessor for predecessor in predecessors if wave_of[predecessor.position] == wave - 1
        ),
        also_after=tuple(
            predecessor for predecessor in predecessors if wave_of[predecessor.position] != wave - 1
        ),
        chain=_steps(access, chain),
        waiting=tuple(dag.successors(position)),
    )


def dependency(access: AccessLists, dag: Dag, first: int, second: int) -> Dependency | None:
    """How two transactions, in either order, depend on each other; None if nothing orders them.

    Raises ValueError if they are the same transaction, IndexError for one out of range.
    """
    earlier, later = min(first, second), max(first, second)
    conflicts = tuple(conflicts_between(access, earlier, later))
    if conflicts:
        return Dependency(earlier, later, conflicts, ())
    chain = _shortest_chain(dag, earlier, later)
    if chain is None:
        return None
    return Dependency(earlier, later, (), _steps(access, chain))


class _Blockers:
    """What keeps each transaction out of an earlier wave; looks at each join once."""

    def __init__(self, dag: Dag) -> None:
        self._dag = dag
        self._wave_of = dag.waves.wave_of
        self._of_join: dict[int, int] = {}

    def of(self, position: int) -> int:
        """The lowest predecessor in the wave just before; there is one in every wave but 0."""
        joins = self._dag.joins.before.get(position, [])
        near = [
            *self._dag.predecessors(position, set(joins)),
            *(self._before_join(join) for join in joins),
        ]
        wave_before = self._wave_of[position] - 1
        return min(p for p in near if self._wave_of[p] == wave_before)

    def _before_join(self, join: int) -> int:
        """Of those that it waits for, the lowest in the last wave."""
        if join not in self._of_join:
            earlier = self._dag.joins.earlier_of(join)
            self._of_join[join] = int(earlier[self._wave_of[earlier].argmax()])
        return self._of_join[join]


def _steps(access: AccessLists, chain: list[int]) -> tuple[Step, ...]:
    """`chain` runs backwards, latest first."""
    steps: list[Step] = []
    for later, earlier in pairwise(chain):
        first, *others = conflicts_between(access, earlier, later)
        steps.append(Step(earlier, first, tuple(others)))
    return tuple(steps)


def _shortest_chain(dag: Dag, earlier: int, later: int) -> list[int] | None:
    """Positions from `later` back to `earlier` along edges; None if there is no path."""
    wave_of = dag.waves.wave_of
    towards = {later: -1}
    passed: set[int] = set()  # joins: what is before them has been met
    queue = deque([later])
    while queue:
        position = queue.popleft()
        for before in dag.predecessors(position, passed):
            # Waves fall along every edge back: a lower wave can no longer lead to `earlier`.
            hopeless = before != earlier and wave_of[before] <= wave_of[earlier]
            if before in towards or before < earlier or hopeless:
                continue
            towards[before] = position
            if before == earlier:
                return _walk(towards, earlier)
            queue.append(before)
    return None


def _walk(towards: dict[int, int], earlier: int) -> list[int]:
    chain = [earlier]
    while towards[chain[-1]] >= 0:
        chain.append(towards[chain[-1]])
    return chain[::-1]
