"""The graph in Graphviz DOT: a column for each wave, the critical path in colour."""

from __future__ import annotations

from collections.abc import Iterator

from .graph_file import ON_PATH_COLOUR, Edge, GraphFile, reason


def dot(graph: GraphFile) -> Iterator[str]:
    """Lines of a DOT file. Labels are short, and tooltips whole; ids may have any characters."""
    part = graph.part
    yield f"digraph {_quoted(part.whole.source)} {{"
    yield "  rankdir=LR; newrank=true; nodesep=0.12; ranksep=0.9;"
    yield "  node [height=0.3];"
    yield f'  label={_quoted(graph.title)}; labelloc=t; fontname="sans-serif";'
    yield '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=10];'
    yield '  edge [fontname="sans-serif", fontsize=9, color="#555555"];'
    for number, places in part.waves.items():
        yield f"  subgraph cluster_wave_{number} {{"
        yield f'    label="wave {number}"; color="#bbbbbb"; rank=same;'
        for place in places:
            yield f"    n{place} [{_node(graph, place)}];"
        yield "  }"
    for edge in graph.edges():
        yield f"  n{edge.earlier} -> n{edge.later} [{_edge(graph, edge)}];"
    yield "}"


def _node(graph: GraphFile, place: int) -> str:
    part = graph.part
    cost = int(part.block.costs[place])
    parts = [
        f"label={_quoted(graph.labels[place])}",
        f"tooltip={_quoted(f'{graph.ids[place]}, cost {cost:,}')}",
        f'fillcolor="{graph.colour(place)}"',
        f"wave={part.wave_of[place]}",
    ]
    if part.is_critical[place]:
        parts += [f'color="{ON_PATH_COLOUR}"', "penwidth=2.5"]
    return ", ".join(parts)


def _edge(graph: GraphFile, edge: Edge) -> str:
    parts = [
        f"label={_quoted(graph.short_reason(edge))}",
        f"edgetooltip={_quoted(reason(edge.conflicts))}",
    ]
    if not edge.is_direct:
        parts += ["style=dashed", "constraint=false"]
    elif graph.is_on_path(edge):
        parts += [f'color="{ON_PATH_COLOUR}"', "penwidth=2.5"]
    return ", ".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
