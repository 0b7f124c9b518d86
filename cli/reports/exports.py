"""Exports the conflict graph for other tools: DOT, Mermaid, GraphML, node-link JSON.

Guarantees: every transaction is a node with its id and wave; every edge has its accounts and kinds
of conflict; ids may contain any characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from ...primitives.exact_integers import exact_integer
from ...scheduler import Schedule, to_networkx
from ...scheduler.schedule.named_explanations import NamedConflict
from .json_documents import Document

_ON_PATH_COLOUR: Final = "#d08700"


def dot(schedule: Schedule) -> Iterator[str]:
    """Graphviz DOT: one rank per wave, the critical path in colour."""
    ids = schedule.ids
    path = set(schedule.critical_positions.transactions)
    yield f"digraph {_dot_text(schedule.source)} {{"
    yield '  node [shape=box, style=rounded, fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=10];'
    for number, wave in enumerate(schedule.dag.waves):
        positions: list[int] = wave.tolist()
        yield f"  subgraph wave_{number} {{ rank=same;"
        for position in positions:
            colour = f' color="{_ON_PATH_COLOUR}", penwidth=2,' if position in path else ""
            label = _dot_text(ids[position])
            yield f"    n{position} [{colour} label={label}, wave={number}];".replace("[ ", "[")
        yield "  }"
    for earlier, later, conflicts in _edges(schedule):
        yield f"  n{earlier} -> n{later} [label={_dot_text(_reason(conflicts))}];"
    yield "}"


def mermaid(schedule: Schedule) -> Iterator[str]:
    """A Mermaid flowchart, with one subgraph per wave."""
    ids = schedule.ids
    yield "flowchart TD"
    for number, wave in enumerate(schedule.dag.waves):
        positions: list[int] = wave.tolist()
        yield f'  subgraph wave_{number} ["wave {number}"]'
        for position in positions:
            yield f"    n{position}[{_mermaid_text(ids[position])}]"
        yield "  end"
    for earlier, later, conflicts in _edges(schedule):
        yield f"  n{earlier} -->|{_mermaid_text(_reason(conflicts))}| n{later}"


def graphml(schedule: Schedule) -> Iterator[str]:
    """GraphML, as networkx writes it, for yEd, Gephi and the like."""
    import networkx

    graph = to_networkx(schedule.access, schedule.dag, schedule.names, schedule.ids)
    named = networkx.relabel_nodes(graph, dict(enumerate(schedule.ids)))
    return cast(Any, networkx).generate_graphml(named)  # untyped in the stubs


def node_link(schedule: Schedule) -> Document:
    """Node-link data, as networkx (`node_link_graph(data, edges="edges")`) and D3 read it."""
    ids = schedule.ids
    waves: list[int] = schedule.dag.waves.wave_of.tolist()
    costs: list[int] = schedule.costs.tolist()
    path = set(schedule.critical_positions.transactions)
    nodes = [
        {"id": name, "wave": waves[p], "cost": exact_integer(costs[p]), "critical": p in path}
        for p, name in enumerate(ids)
    ]
    edges = [
        {
            "source": ids[earlier],
            "target": ids[later],
            "conflicts": [conflict._asdict() for conflict in conflicts],
        }
        for earlier, later, conflicts in _edges(schedule)
    ]
    return {"directed": True, "multigraph": False, "graph": {}, "nodes": nodes, "edges": edges}


TEXT_FORMATS: Final[dict[str, Callable[[Schedule], Iterator[str]]]] = {
    "dot": dot,
    "mermaid": mermaid,
    "graphml": graphml,
}


def _edges(schedule: Schedule) -> Iterator[tuple[int, int, tuple[NamedConflict, ...]]]:
    pairs: list[tuple[int, int]] = schedule.dag.edges.tolist()
    for earlier, later in pairs:
        yield earlier, later, schedule.conflicts(earlier, later)


def _reason(conflicts: tuple[NamedConflict, ...]) -> str:
    return "; ".join(f"{c.account}: {c.kind}" for c in conflicts)


def _dot_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mermaid_text(text: str) -> str:
    """Text in quotes, with entities for the characters that Mermaid or HTML would interpret."""
    escaped = "".join(f"#{ord(char)};" if char in '"#<>&`' else char for char in text)
    return f'"{escaped}"'
