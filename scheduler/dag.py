"""The DAG: who must wait for whom, as a rustworkx graph, with its edges and waves as columns.

Guarantees: node index = block position; two transactions that conflict are joined by a path
from the earlier to the later; the same access lists always give the same DAG. Nodes from the number
of transactions on are joins, in their order: see `joins`.
Does not: say which account an edge is about. `conflict` and `explanation` do, for any pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import rustworkx
from numpy.typing import NDArray

from .access import AccessLists
from .chains import longest_paths
from .edges import edge_chunks
from .every_edge import Neighbours, count_neighbours, every_edge
from .joins import Column, Joins
from .levels import Levels
from .precedence import Precedence
from .waves import Waves


@dataclass(frozen=True, eq=False, repr=False)
class Dag:
    """A block's order: `graph`, `waves`, and `order`, all edges in columns.

    `access`: the access lists it was built from.
    """

    access: AccessLists
    graph: rustworkx.PyDiGraph[None, None]
    order: Precedence
    waves: Waves

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.access)

    def __repr__(self) -> str:
        joins = f" {len(self.joins):,} joins," if len(self.joins) else ""
        return (
            f"<Dag of {len(self):,} transactions, {len(self.edges):,} edges,{joins} "
            f"{len(self.waves):,} waves>"
        )

    @property
    def edges(self) -> NDArray[np.uint32]:
        """uint32[k, 2]: the edges from transaction to transaction (earlier, later); sorted."""
        return self.order.direct

    @property
    def joins(self) -> Joins:
        """What waits for many, and many wait for: there are none but where accounts are added to.

        Through each, all of its later transactions wait directly for all of its earlier ones.
        """
        return self.order.joins

    @cached_property
    def neighbours(self) -> Neighbours:
        """For how many each transaction waits directly, and how many wait for it."""
        return count_neighbours(self.order)

    @property
    def edge_count(self) -> int:
        """How many edges there are between transactions, those that joins stand for counted in.

        It is the length of `every_edge`; the graph has O(accesses) edges.
        """
        return int(self.neighbours.before.sum()) if len(self.joins) else len(self.edges)

    def every_edge(self) -> NDArray[np.uint32]:
        """uint32[k, 2]: `edges`, and those that joins stand for, sorted, each once.

        Raises ValueError where joins stand for more than EXPANDED_EDGES_MAX.
        """
        return every_edge(self.order)

    def waits_directly(self, earlier: int, later: int) -> bool:
        """Whether there is an edge, or a join that stands for one. Raises IndexError."""
        self._check(earlier)
        self._check(later)
        joins = self.joins.behind.get(earlier, [])
        between = set(joins).intersection(self.joins.before.get(later, ()))
        return bool(between) or self.graph.has_edge(earlier, later)

    def predecessors(self, position: int, passed: set[int] | None = None) -> list[int]:
        """Those that this transaction waits for directly, ascending. Raises IndexError.

        With `passed`, joins in it are not looked at, and the others are put there: so a walk over
        many transactions looks at each join once.
        """
        self._check(position)
        near = self.graph.predecessor_indices(position)
        return self._ascending(near, map(self.joins.earlier_of, self._joins(near, passed)))

    def first_predecessors(self, position: int, limit: int) -> list[int]:
        """The lowest few of them, found without the others. Raises IndexError."""
        joins = self.joins.before.get(position, [])
        near = self.predecessors(position, set(joins))
        first: list[list[int]] = [self.joins.earlier_of(join)[:limit].tolist() for join in joins]
        return sorted({*near, *chain.from_iterable(first)})[:limit]

    def successors(self, position: int, passed: set[int] | None = None) -> list[int]:
        """Those that wait for this transaction directly; as `predecessors`."""
        self._check(position)
        near = self.graph.successor_indices(position)
        return self._ascending(near, map(self.joins.later_of, self._joins(near, passed)))

    def _joins(self, nodes: rustworkx.NodeIndices, passed: set[int] | None) -> list[int]:
        if not len(self.joins):
            return []
        joins = sorted(node - len(self) for node in nodes if node >= len(self))
        if passed is None:
            return joins
        new = [join for join in joins if join not in passed]
        passed.update(new)
        return new

    def _ascending(self, nodes: rustworkx.NodeIndices, through: Iterator[Column]) -> list[int]:
        direct = (node for node in nodes if node < len(self))
        joined: list[list[int]] = [positions.tolist() for positions in through]
        return sorted({*direct, *chain.from_iterable(joined)})

    def is_of(self, access: AccessLists) -> bool:
        """Whether this is the DAG of these access lists: the same ones, or equal ones."""
        ours = self.access
        return ours is access or (
            np.array_equal(ours.offsets, access.offsets)
            and np.array_equal(ours.accounts, access.accounts)
            and np.array_equal(ours.kinds_of(slice(None)), access.kinds_of(slice(None)))
            and _equal_parents(ours.parents, access.parents)
        )

    def _check(self, position: int) -> None:
        if not 0 <= position < len(self):
            raise IndexError(f"no transaction {position} among {len(self)}")


def _equal_parents(ours: NDArray[np.int64] | None, theirs: NDArray[np.int64] | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return np.array_equal(ours, theirs)


def checked_dag(dag: object) -> Dag:
    """The DAG. Raises TypeError for anything else, such as the Schedule that has it."""
    if not isinstance(dag, Dag):
        raise TypeError(f"a Dag is needed, not {type(dag).__name__}: pass schedule.dag")
    return dag


def build_dag(access: AccessLists) -> Dag:
    """The DAG of a block; O(accesses) beside the sorts of what `edges` packs."""
    count = len(access)
    order = Precedence.of(access)
    # multigraph=False would search for the edge at each insert; ours are unique already.
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(
        multigraph=True, node_count_hint=order.node_count, edge_count_hint=order.edge_count
    )
    levels = None if len(order.joins) else Levels(count)
    for chunk in edge_chunks(order.direct):
        # zip uses one tuple over and over; add_edges_from_no_data would make a list of indices.
        graph.extend_from_edge_list(zip(chunk.earlier_listed, chunk.later_listed, strict=True))
        if levels is not None:
            levels.deepen(chunk)
    # The edges brought in all nodes up to the highest that has one.
    graph.add_nodes_from([None] * (count - graph.num_nodes()))
    if levels is None:
        _add_joins(graph, order.joins, count)
        return Dag(access, graph, order, Waves.from_levels(_levels(order)))
    return Dag(access, graph, order, Waves.from_levels(levels.of))


def _add_joins(graph: rustworkx.PyDiGraph[None, None], joins: Joins, transactions: int) -> None:
    into: list[int] = (joins.earlier_joins + transactions).tolist()
    out_of: list[int] = (joins.later_joins + transactions).tolist()
    graph.add_nodes_from([None] * len(joins))
    graph.extend_from_edge_list(zip(joins.earlier.tolist(), into, strict=True))
    graph.extend_from_edge_list(zip(out_of, joins.later.tolist(), strict=True))


def _levels(order: Precedence) -> NDArray[np.uint32]:
    """uint32[n]: the longest path to each position; to pass a join is no step of its own."""
    return np.array(longest_paths(order), dtype=np.uint32)
