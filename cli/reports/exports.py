"""The conflict graph in formats of other tools: DOT, Mermaid, GraphML, node-link JSON.

Guarantees: every transaction is a node with its id and wave, every edge carries the accounts and
kinds of conflict that make it; ids may hold any characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from ...primitives.exact_integers import exact_integer
from ...scheduler import Conflict, conflicts_between, to_networkx
from ..inputs.opening import Schedule
from .json_documents import Document

_ON_PATH_COLOUR: Final = "#d08700"


def dot(schedule: Schedule) -> Iterator[str]:
    """Graphviz DOT: a rank for each wave, the critical path in colour."""
    ids = schedule.block.ids
    path = set(schedule.critical_path.transactions)
    yield f"digraph {_dot_text(schedule.file)} {{"
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
        yield f"  n{earlier} -> n{later} [label={_dot_text(_reason(schedule, conflicts))}];"
    yield "}"


def mermaid(schedule: Schedule) -> Iterator[str]:
    """A Mermaid flowchart, with a subgraph for each wave."""
    ids = schedule.block.ids
    yield "flowchart TD"
    for number, wave in enumerate(schedule.dag.waves):
        positions: list[int] = wave.tolist()
        yield f'  subgraph wave_{number} ["wave {number}"]'
        for position in positions:
            yield f"    n{position}[{_mermaid_text(ids[position])}]"
        yield "  end"
    for earlier, later, conflicts in _edges(schedule):
        yield f"  n{earlier} -->|{_mermaid_text(_reason(schedule, conflicts))}| n{later}"


def graphml(schedule: Schedule) -> Iterator[str]:
    """GraphML, as networkx writes it, for yEd, Gephi and the like."""
    import networkx

    block = schedule.block
    names = [schedule.account_name(account) for account in range(len(block.keys))]
    graph = to_networkx(block.access, schedule.dag, names, block.ids)
    named = networkx.relabel_nodes(graph, dict(enumerate(block.ids)))
    return cast(Any, networkx).generate_graphml(named)  # untyped in the stubs


def node_link(schedule: Schedule) -> Document:
    """Node-link data, as networkx (`node_link_graph(data, edges="edges")`) and D3 read it."""
    ids = schedule.block.ids
    waves: list[int] = schedule.dag.waves.wave_of.tolist()
    costs: list[int] = schedule.block.costs.tolist()
    path = set(schedule.critical_path.transactions)
    nodes = [
        {"id": name, "wave": waves[p], "cost": exact_integer(costs[p]), "critical": p in path}
        for p, name in enumerate(ids)
    ]
    edges = [
        {
            "source": ids[earlier],
            "target": ids[later],
            "conflicts": [
                {"account": schedule.account_name(c.account), "kind": c.kind.value}
                for c in conflicts
            ],
        }
        for earlier, later, conflicts in _edges(schedule)
    ]
    return {"directed": True, "multigraph": False, "graph": {}, "nodes": nodes, "edges": edges}


TEXT_FORMATS: Final[dict[str, Callable[[Schedule], Iterator[str]]]] = {
    "dot": dot,
    "mermaid": mermaid,
    "graphml": graphml,
}


def _edges(schedule: Schedule) -> Iterator[tuple[int, int, list[Conflict]]]:
    pairs: list[tuple[int, int]] = schedule.dag.edges.tolist()
    for earlier, later in pairs:
        yield earlier, later, conflicts_between(schedule.block.access, earlier, later)


def _reason(schedule: Schedule, conflicts: list[Conflict]) -> str:
    return "; ".join(f"{schedule.account_name(c.account)}: {c.kind.value}" for c in conflicts)


def _dot_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mermaid_text(text: str) -> str:
    """Quoted, with the characters that Mermaid reads as its own or as HTML written as entities."""
    escaped = "".join(f"#{ord(char)};" if char in '"#<>&`' else char for char in text)
    return f'"{escaped}"'
