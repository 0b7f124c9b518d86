"""Knots: what must go together for the critical path to get shorter.

Two pools of one market have accounts of their own and some in common. Each step of the critical
path then waits on several groups at once, and taking one of them away changes nothing. So: two
accounts are tied if some step of the path conflicts on both; a knot is all accounts that are tied
to each other, directly or through others.

    path      0 ── a b ── 1 ── b c ── 2 ── d ── 3        knots: a b c, which holds two steps, and d

Greedy: in each round, of the path's knots, the one without which the path is cheapest; without it
there is another path, and other knots. Greedy finds no best set of accounts: that is NP-hard.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..access import AccessLists
from ..costs import checked_costs
from ..critical_path import CriticalPath, heaviest_path, parallelism
from ..precedence import Precedence
from ..what_if import without_accounts
from .path_conflicts import step_conflicts

# How many accesses are looked at, over all knots tried: some 200 knots of a mainnet block, of which
# it needs 20; five of a block of 100,000 transactions, in less than a second.
ACCESSES_LOOKED_AT_MAX = 2_000_000


class Knot(NamedTuple):
    """Accounts (ids, ascending) to take away beside those of the knots before, and what it wins.

    `steps`: how many steps of the critical path, as it was by then, conflict on them.
    `critical_path_cost`, `parallelism`: with all these knots gone.
    """

    accounts: tuple[int, ...]
    steps: int
    critical_path_cost: int
    parallelism: float


class _Cut(NamedTuple):
    """A block without some accounts, and its critical path."""

    access: AccessLists
    path: CriticalPath


class _Tied(NamedTuple):
    accounts: tuple[int, ...]
    steps: int


def knots(access: AccessLists, costs: ArrayLike, path: CriticalPath, limit: int) -> list[Knot]:
    """The first `limit` knots, each to be taken away after those before it.

    Ends early where nothing gets shorter any more, or after ACCESSES_LOOKED_AT_MAX. `path` is the
    critical path at `costs` int64[n]. Raises ValueError for bad costs.
    """
    weights = checked_costs(costs, len(access))
    total = sum(weights.tolist())
    looks = max(1, ACCESSES_LOOKED_AT_MAX // max(1, len(access.accounts)))
    found: list[Knot] = []
    now = _Cut(access, path)
    while looks and len(found) < limit:
        tied = _tied(now)[:looks]
        looks -= len(tied)
        cuts = [_without(now.access, knot.accounts, weights) for knot in tied]
        best = min(range(len(tied)), key=lambda n: cuts[n].path.cost, default=None)
        if best is None or cuts[best].path.cost == now.path.cost:
            break
        now = cuts[best]
        cost = now.path.cost
        found.append(Knot(*tied[best], cost, parallelism(total, cost)))
    return found


def _without(access: AccessLists, accounts: tuple[int, ...], costs: NDArray[np.int64]) -> _Cut:
    gone = np.zeros(access.account_count, dtype=np.bool_)
    gone[list(accounts)] = True
    left = without_accounts(access, gone)
    return _Cut(left, heaviest_path(Precedence.of(left), costs))


def _tied(cut: _Cut) -> list[_Tied]:
    """The knots of a path: most steps first, then fewest accounts, then the lowest id."""
    by_step: dict[int, list[int]] = {}
    for step, account in step_conflicts(cut.access, cut.path.transactions).tolist():
        by_step.setdefault(step, []).append(account)
    knot_of: dict[int, list[int]] = {}  # the very same list for all accounts of a knot
    for accounts in by_step.values():
        lists = {id(knot): knot for a in accounts for knot in [knot_of.get(a, [a])]}
        joined = sorted(account for knot in lists.values() for account in knot)
        knot_of.update((account, joined) for account in joined)
    steps: dict[tuple[int, ...], int] = {}
    for accounts in by_step.values():
        knot = tuple(knot_of[accounts[0]])
        steps[knot] = steps.get(knot, 0) + 1
    found = [_Tied(*each) for each in steps.items()]
    return sorted(found, key=lambda knot: (-knot.steps, len(knot.accounts), knot.accounts[0]))
