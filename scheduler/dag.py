"""The DAG: who must wait for whom, as a rustworkx graph, with its edges and waves as columns.

Guarantees: node index = block position; two transactions that conflict are joined by a path
from the earlier to the later; the same access lists always give the same DAG.
Does not: say which account an edge is about. `conflict` and `explanation` do, for any pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import rustworkx
from numpy.typing import NDArray

from .access import AccessLists
from .edges import conflict_edges, edge_chunks
from .levels import Levels
from .waves import Waves


@dataclass(frozen=True, eq=False, repr=False)
class Dag:
    """A block's order: `graph`, `edges` uint32[k, 2] (earlier, later; sorted), and `waves`.

    `access`: the access lists it was built from.
    """

    access: AccessLists
    graph: rustworkx.PyDiGraph[None, None]
    edges: NDArray[np.uint32]
    waves: Waves

    def __len__(self) -> int:
        """The number of transactions."""
        return self.graph.num_nodes()

    def __repr__(self) -> str:
        edges, waves = len(self.edges), len(self.waves)
        return f"<Dag of {len(self):,} transactions, {edges:,} edges, {waves:,} waves>"

    def predecessors(self, position: int) -> list[int]:
        """Those that this transaction waits for directly, ascending. Raises IndexError."""
        self._check(position)
        return sorted(self.graph.predecessor_indices(position))

    def successors(self, position: int) -> list[int]:
        """Those that wait for this transaction directly, ascending. Raises IndexError."""
        self._check(position)
        return sorted(self.graph.successor_indices(position))

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
    edges = conflict_edges(access)
    # multigraph=False would search for the edge at each insert; ours are unique already.
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(
        multigraph=True, node_count_hint=count, edge_count_hint=len(edges)
    )
    levels = Levels(count)
    for chunk in edge_chunks(edges):
        # zip uses one tuple over and over; add_edges_from_no_data would make a list of indices.
        graph.extend_from_edge_list(zip(chunk.earlier_listed, chunk.later_listed, strict=True))
        levels.deepen(chunk)
    # The edges brought in all nodes up to the highest that has one.
    graph.add_nodes_from([None] * (count - graph.num_nodes()))
    return Dag(access, graph, edges, Waves.from_levels(levels.of))
