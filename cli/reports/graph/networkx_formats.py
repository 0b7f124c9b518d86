"""The graph as networkx reads it: GraphML, for yEd, Gephi and the like, and node-link JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from ....primitives.exact_integers import exact_integer
from ..json_documents import Document
from .graph_file import GraphFile, reason


def graphml(graph: GraphFile) -> Iterator[str]:
    """Lines of GraphML; nodes go by their whole ids, `label` is short."""
    import networkx

    found: networkx.DiGraph[str] = networkx.DiGraph(title=graph.title)
    part = graph.part
    costs: list[int] = part.block.costs.tolist()
    for place, name in enumerate(graph.ids):
        found.add_node(
            name,
            label=graph.labels[place],
            wave=part.wave_of[place],
            cost=costs[place],
            critical=part.is_critical[place],
            calls=", ".join(part.block.about.programs[place]),
            colour=graph.colour(place),
        )
    for edge in graph.edges():
        found.add_edge(
            graph.ids[edge.earlier],
            graph.ids[edge.later],
            label=graph.short_reason(edge),
            conflicts=reason(edge.conflicts),
            direct=edge.is_direct,
            critical=graph.is_on_path(edge),
        )
    return cast(Any, networkx).generate_graphml(found)  # untyped in the stubs


def node_link(graph: GraphFile) -> Document:
    """Node-link data, as networkx (`node_link_graph(data, edges="edges")`) and D3 read it.

    `wave` and `critical` are of the whole block, `graph` says what of it was chosen.
    """
    part = graph.part
    costs: list[int] = part.block.costs.tolist()
    nodes: list[Document] = [
        {
            "id": name,
            "wave": part.wave_of[place],
            "cost": exact_integer(costs[place]),
            "critical": part.is_critical[place],
            "programs": list(part.block.about.programs[place]),
        }
        for place, name in enumerate(graph.ids)
    ]
    edges: list[Document] = [
        {
            "source": graph.ids[edge.earlier],
            "target": graph.ids[edge.later],
            "conflicts": [conflict.to_dict() for conflict in edge.conflicts],
            "direct": edge.is_direct,
        }
        for edge in graph.edges()
    ]
    about = {"file": part.whole.source, "transactions": len(part.whole), "only": list(part.said)}
    accounts = [conflict["account"] for edge in edges for conflict in edge["conflicts"]]
    programs = [program for node in nodes for program in node["programs"]]
    return {
        "directed": True,
        "multigraph": False,
        "graph": about,
        "nodes": nodes,
        "edges": edges,
        "labels": part.block.about.labelled([*accounts, *programs]),
    }
