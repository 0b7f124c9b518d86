"""What mending findings saves: the difference of two plans of the block, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...scheduler import Schedule, build_dag
from ...scheduler.critical_path import critical_path
from ...scheduler.one_change import LongestChain
from ...scheduler.what_if import with_locks
from .finding import Saved


class Change(NamedTuple):
    """Another lock of one transaction: READ or WRITE, None for no lock at all.

    `account`: its id; ids beyond the block's are accounts that only changes name.
    """

    position: int
    account: int
    lock: int | None


class Length(NamedTuple):
    """How long a plan is: waves, and the cost of its critical path."""

    waves: int
    critical_path: int


class Prices:
    """The prices of changes to a block as `schedule` plans it."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        dag, costs = schedule.dag, schedule.costs.tolist()
        self._by_count = LongestChain(dag, [1] * len(costs))
        self._by_cost = LongestChain(dag, costs)
        self.before = Length(self._by_count.length, self._by_cost.length)

    def of_one(self, change: Change) -> Saved:
        """What this change alone saves."""
        access = self._schedule.access
        rows = slice(*access.offsets[change.position : change.position + 2].tolist())
        kinds: list[int] = access.kinds_of(rows).tolist()
        locks: dict[int, int] = dict(zip(access.accounts[rows].tolist(), kinds, strict=True))
        locks.pop(change.account, None)
        if change.lock is not None:
            locks[change.account] = change.lock
        return self._saved(
            Length(
                self._by_count.length_if(change.position, locks),
                self._by_cost.length_if(change.position, locks),
            )
        )

    def of_unlocking(self, changes: Iterable[Change]) -> Saved:
        """What these changes save together, each of which takes something away."""
        listed = list(changes)
        # A chain that avoids them all stays as it is.
        touched = [change.position for change in listed]
        chains = (self._by_count, self._by_cost)
        if not any(chain.goes_through(position) for chain in chains for position in touched):
            return Saved()
        return self.of_one(listed[0]) if len(listed) == 1 else self._saved(self.after(listed))

    def after(self, changes: Iterable[Change]) -> Length:
        """The length of a plan with all of these changes."""
        locks = {(change.position, change.account): change.lock for change in changes}
        dag = build_dag(with_locks(self._schedule.access, locks))
        return Length(len(dag.waves), critical_path(dag, self._schedule.costs).cost)

    def _saved(self, after: Length) -> Saved:
        before = self.before
        return Saved(before.waves - after.waves, before.critical_path - after.critical_path)
