"""A schedule's DAG as a graph of networkx or rustworkx, for people's own analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..edges import edge_pairs
from ..networkx_export import to_networkx
from .named_dag import NamedDag

if TYPE_CHECKING:
    import networkx
    import rustworkx


def as_networkx(block: NamedDag) -> networkx.DiGraph[Any]:
    """Over ids; nodes have `wave`, `cost` and `position`, edges `conflicts`, a text."""
    import networkx

    graph = to_networkx(block.access, block.dag, block.names, block.ids)
    for position, cost in enumerate(block.costs.tolist()):
        graph.nodes[position].update(cost=cost, position=position)
    return networkx.relabel_nodes(graph, dict(enumerate(block.ids)))


def as_rustworkx(block: NamedDag) -> rustworkx.PyDiGraph[str, None]:
    """Node index = position, payload = id. Every edge is there; there are no joins."""
    edges = edge_pairs(block.every_edge)
    graph: rustworkx.PyDiGraph[Any, None] = block.dag.graph.copy()
    if len(block.dag.joins):
        graph.clear_edges()
        graph.remove_nodes_from(range(len(block), graph.num_nodes()))
        graph.extend_from_edge_list(edges)
    for position, name in enumerate(block.ids):
        graph[position] = name
    return graph
