"""Precedence: who waits for whom, as edges between transactions and joins.

Walks along edges need an order in which every edge leads onwards. Positions are one for
transactions; joins find their place among them: each *node* is a transaction or a join, numbered in
block order, a join right before the first transaction that waits for it.

    position   0   1   2       3   4   5
    node       0   1   2   3   4   5   6        node 3 is a join of 0, 1, 2 and 3, 4, 5

Without joins, nodes are positions, and nothing is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .access import AccessLists
from .edges import conflict_edges, sorted_edges
from .joins import Joins

JOIN = -1  # in place of the position that a join does not have

_Value = TypeVar("_Value")


@dataclass(frozen=True, eq=False, repr=False)
class Precedence:
    """`direct` uint32[k, 2]: edges between positions (earlier, later), sorted; and `joins`.

    `transactions`: how many there are.
    """

    transactions: int
    direct: NDArray[np.uint32]
    joins: Joins = field(default_factory=Joins.none)

    @classmethod
    def of(cls, access: AccessLists) -> Precedence:
        """What access lists demand. O(accesses) beside the sorts of what `edges` packs."""
        return cls(len(access), *conflict_edges(access))

    def __repr__(self) -> str:
        edges, joins = self.edge_count, len(self.joins)
        return f"<Precedence: {self.transactions:,} transactions, {edges:,} edges, {joins:,} joins>"

    @property
    def edge_count(self) -> int:
        """How many edges there are, those to and from joins among them."""
        return len(self.direct) + self.joins.edge_count

    @property
    def node_count(self) -> int:
        """How many transactions and joins there are."""
        return self.transactions + len(self.joins)

    @cached_property
    def edges(self) -> NDArray[np.uint32]:
        """uint32[edge_count, 2]: all edges between nodes (earlier, later), sorted, each once."""
        if not len(self.joins):
            return self.direct
        joins = self.joins
        columns = (
            (self.node_of[self.direct[:, 0]], self.node_of[self.direct[:, 1]]),
            (self.node_of[joins.earlier], self._join_nodes[joins.earlier_joins]),
            (self._join_nodes[joins.later_joins], self.node_of[joins.later]),
        )
        earlier, later = (np.concatenate(column) for column in zip(*columns, strict=True))
        return sorted_edges(earlier, later, self.node_count)

    @property
    def tied(self) -> NDArray[np.uint32]:
        """The positions that wait for another, or another for them; ascending."""
        return np.unique(
            np.concatenate((self.direct.ravel(), self.joins.earlier, self.joins.later))
        )

    @cached_property
    def position_of(self) -> NDArray[np.int64]:
        """int64[node_count]: the position of each node; JOIN for a join."""
        positions = np.full(self.node_count, JOIN)
        positions[self.node_of] = np.arange(self.transactions)
        return positions

    @cached_property
    def node_of(self) -> NDArray[np.int64]:
        """int64[transactions]: the node of each position."""
        positions = np.arange(self.transactions)
        return positions + np.searchsorted(self.joins.first_later, positions, side="right")

    @cached_property
    def _join_nodes(self) -> NDArray[np.int64]:
        return self.joins.first_later + np.arange(len(self.joins))

    def by_node(self, values: Sequence[int]) -> list[int]:
        """The values of transactions, given by position, by node; 0 for joins. A new list."""
        if not len(self.joins):
            return list(values)
        return [0 if position == JOIN else values[position] for position in self._positions]

    def by_position(self, values: list[_Value]) -> list[_Value]:
        """The values of transactions by position, given by node. The same list without joins."""
        if not len(self.joins):
            return values
        return [
            value
            for value, position in zip(values, self._positions, strict=True)
            if position != JOIN
        ]

    @property
    def _positions(self) -> list[int]:
        return self.position_of.tolist()
