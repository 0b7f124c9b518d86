"""A DAG with what its costs make of it: the critical path, and what holds that."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..causes import hot_accounts, hot_groups, knots
from ..causes.path_conflicts import path_accounts
from ..critical_path import CriticalPath, critical_path, parallelism
from .about import About
from .named import NamedHotAccount, NamedPath
from .named_causes import (
    HOT_MAX,
    KNOTS_MAX,
    NamedHotGroup,
    NamedKnot,
    hot_payers,
    hot_programs,
    name_groups,
    name_knots,
)
from .named_dag import NamedDag


class WeighedDag(NamedDag):
    """A named DAG whose accounts are known to belong to somebody; nothing is worked out unasked."""

    about: About

    @cached_property
    def total_cost(self) -> int:
        """The sum of all costs."""
        return sum(self.costs.tolist())

    @cached_property
    def critical_positions(self) -> CriticalPath:
        """The critical path by position in the file."""
        return critical_path(self.dag, self.costs)

    @cached_property
    def critical_path(self) -> NamedPath:
        """The costliest chain: no number of workers makes the block shorter than this."""
        return self._named_path(self.critical_positions)

    @cached_property
    def longest_path(self) -> NamedPath:
        """The chain of most transactions, as many as there are waves, and what it costs."""
        path = critical_path(self.dag, np.ones(len(self), dtype=np.int64)).transactions
        return self._named_path(CriticalPath(path, sum(self.costs[list(path)].tolist())))

    @cached_property
    def parallelism(self) -> float:
        """Total cost / cost of the critical path: the speed-up that no workers exceed."""
        return parallelism(self.total_cost, self.critical_positions.cost)

    @cached_property
    def hot_accounts(self) -> list[NamedHotAccount]:
        """The HOT_MAX accounts that most transactions write or add to."""
        return [
            NamedHotAccount(self.names[hot.account], *hot[1:])
            for hot in hot_accounts(self.access, HOT_MAX)
        ]

    @cached_property
    def hot_groups(self) -> list[NamedHotGroup]:
        """HOT_MAX groups of accounts that cause the same conflicts, what would win most first.

        Each says what would win if nobody locked it, if it were split, or only added to: see
        `sealane.scheduler.HotGroup`. Those first that hold a step of the critical path alone.
        """
        found = hot_groups(self.access, self.costs, self.critical_positions, HOT_MAX)
        return name_groups(self.names, found)

    @cached_property
    def hot_programs(self) -> list[NamedHotGroup]:
        """The same of HOT_MAX programs: what the accounts tie that each of them uses."""
        return hot_programs(self, self.about, self.critical_positions)

    @cached_property
    def hot_payers(self) -> list[NamedHotGroup]:
        """The same of HOT_MAX payers: what the accounts tie that only their transactions lock."""
        return hot_payers(self, self.about, self.critical_positions)

    @cached_property
    def knots(self) -> list[NamedKnot]:
        """Up to KNOTS_MAX sets of groups to take away in turn: the path is tied by all of a set."""
        found = knots(self.access, self.costs, self.critical_positions, KNOTS_MAX)
        return name_knots(self.names, found)

    @cached_property
    def critical_accounts(self) -> list[tuple[str, int]]:
        """The accounts that the critical path's steps conflict on, and on how many steps each.

        Most steps first. A step on which several accounts conflict counts for each.
        """
        found = path_accounts(self.access, self.critical_positions.transactions)
        return [(self.names[account], steps) for account, steps in found]

    def _named_path(self, path: CriticalPath) -> NamedPath:
        return NamedPath(tuple(self.ids[position] for position in path.transactions), path.cost)
