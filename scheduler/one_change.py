"""How long the longest chain of a block would be if one transaction declared other locks.

Exact: the result is that of planning the block anew with the one change. For each question it looks
at the accounts of one transaction only, so that thousands of changes can be compared, where
thousands of plans would take minutes.

A chain avoids the changed transaction or goes through it. The chains up to it, and those from it
on, contain no other change, so both are found once, for all questions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from .access import ADD, READ, WRITE, AccessLists
from .chains import heaviest_onward, heaviest_until
from .dag import Dag
from .edges import edge_pairs
from .flat_keys import every_key

_KINDS: Final = (READ, WRITE, ADD)


class _Side(NamedTuple):
    """The heaviest chains that meet an account from one side, by the kind of access with which
    they do; in the order of READ, WRITE, ADD. 0 where there is none."""

    read: int = 0
    write: int = 0
    add: int = 0

    def met_by(self, kind: int) -> int:
        """The heaviest of those with which an access of this kind conflicts."""
        return max(self.write, self.read if kind != READ else 0, self.add if kind != ADD else 0)


class LongestChain:
    """The heaviest chain of transactions that run one after another, and what it would be.

    `weights`: one for each transaction, none negative: 1 each to count waves, or costs. `length` is
    the weight of the heaviest chain.

    >>> from sealane.scheduler import AccessLists, build_dag
    >>> access, _ = AccessLists.from_sets([([], ["x"]), ([], ["x", "y"]), ([], ["y"])])
    >>> chain = LongestChain(build_dag(access), [1, 1, 1])
    >>> chain.length, chain.length_if(1, {0: READ, 1: WRITE})  # what reads x waits for the first
    (3, 3)
    >>> chain.length_if(1, {1: WRITE})
    2
    """

    def __init__(self, dag: Dag, weights: Sequence[int]) -> None:
        self._dag = dag
        self._weights = weights
        self._until_nodes = heaviest_until(dag.order, weights)
        self._onward_nodes = heaviest_onward(dag.order, weights)
        # Chains that end with each transaction, and those that begin with it.
        self._until = dag.order.by_position(self._until_nodes)
        self._onward = dag.order.by_position(self._onward_nodes)
        self._queues: dict[int, _Queue] = {}
        self.length = max(self._until, default=0)

    def goes_through(self, position: int) -> bool:
        """Whether one of the heaviest chains goes through this transaction."""
        through = self._until[position] + self._onward[position] - self._weights[position]
        return through == self.length

    def length_if(self, position: int, locks: Mapping[int, int]) -> int:
        """The length if this transaction had these locks: READ, WRITE or ADD, by account id.

        An id that the block does not use stands for an account that no other transaction locks.
        """
        avoiding = self._beside[position]
        for account in _locks(self._dag.access, position):
            before, after = self._around(account, position)
            avoiding = max(avoiding, *(before[kind] + after.met_by(kind) for kind in _KINDS))
        until = onward = 0
        for account, kind in every_key(self._dag.access, locks).items():
            before, after = self._around(account, position)
            until, onward = max(until, before.met_by(kind)), max(onward, after.met_by(kind))
        return max(avoiding, until + self._weights[position] + onward)

    @cached_property
    def _beside(self) -> list[int]:
        """For each transaction, the heaviest chain that avoids it along the DAG's edges.

        Two transactions that conflict on an account of its own may have no edge, since both are
        ordered by edges to and from it; `length_if` adds these chains.
        """
        until, onward = self._until_nodes, self._onward_nodes
        earlier = [0, *accumulate(until, max)][: len(until)]
        later = [0, *accumulate(reversed(onward), max)][: len(onward)]
        later.reverse()
        return self._dag.order.by_position(list(map(max, earlier, later, self._over())))

    def _over(self) -> list[int]:
        """For each node, the heaviest chain with an edge from before it to behind it."""
        over = [0] * len(self._until_nodes)
        heap: list[tuple[int, int]] = []
        edges = edge_pairs(self._dag.order.edges)
        edge = next(edges, None)
        for node in range(len(over)):
            while edge is not None and edge[0] < node:
                weight = self._until_nodes[edge[0]] + self._onward_nodes[edge[1]]
                heappush(heap, (-weight, edge[1]))
                edge = next(edges, None)
            while heap and heap[0][1] <= node:
                heappop(heap)
            over[node] = -heap[0][0] if heap else 0
        return over

    def _around(self, account: int, position: int) -> tuple[_Side, _Side]:
        if account not in self._queues:
            entries = self._entries.get(account, [])
            self._queues[account] = _Queue(entries, self._until, self._onward)
        return self._queues[account].around(position)

    @cached_property
    def _entries(self) -> Mapping[int, list[tuple[int, int]]]:
        return _accesses_by_account(self._dag.access)


class _Queue:
    """The transactions that lock one account, in block order, and the chains that end there."""

    def __init__(
        self, entries: Sequence[tuple[int, int]], until: Sequence[int], onward: Sequence[int]
    ) -> None:
        self._positions = [position for position, _ in entries]
        self._before = _sides(entries, until)
        self._after = _sides(entries[::-1], onward)[::-1]

    def around(self, position: int) -> tuple[_Side, _Side]:
        """What meets the account before and behind this transaction, whether or not it is one."""
        place = bisect_left(self._positions, position)
        is_here = self._positions[place : place + 1] == [position]
        return self._before[place], self._after[place + is_here]


def _sides(entries: Sequence[tuple[int, int]], heaviest: Sequence[int]) -> list[_Side]:
    """The side before each entry, and at the end."""
    sides = [_Side()]
    for position, kind in entries:
        best = list(sides[-1])
        best[kind] = max(best[kind], heaviest[position])
        sides.append(_Side(*best))
    return sides


def _locks(access: AccessLists, position: int) -> dict[int, int]:
    """The kind of each of a transaction's accesses, by account, or by flat key in a hierarchy."""
    rows = slice(access.offsets[position], access.offsets[position + 1])
    kinds: list[int] = access.kinds_of(rows).tolist()
    return every_key(access, dict(zip(access.accounts[rows].tolist(), kinds, strict=True)))


def _accesses_by_account(access: AccessLists) -> dict[int, list[tuple[int, int]]]:
    """The positions, in order, that lock each account, and the kind of each access."""
    if access.parents is not None:
        by_key: dict[int, list[tuple[int, int]]] = {}
        for position in range(len(access)):
            for key, kind in _locks(access, position).items():
                by_key.setdefault(key, []).append((position, kind))
        return by_key
    order = np.argsort(access.accounts, kind="stable")
    found: dict[int, list[tuple[int, int]]] = {}
    columns = (access.accounts, access.positions, access.kinds_of(slice(None)))
    for account, position, kind in zip(*(c[order].tolist() for c in columns), strict=True):
        found.setdefault(account, []).append((position, kind))
    return found
