"""The graph as a Mermaid flowchart: a subgraph for each wave, thick arrows on the critical path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ....scheduler.picture.kinds import OTHER
from .graph_file import COLOURS, ON_PATH_COLOUR, OTHER_COLOUR, Edge, GraphFile

# Mermaid refuses larger files unless its page is configured otherwise; a file cannot do that.
EDGES_MAX: Final = 500
CHARACTERS_MAX: Final = 50_000
_ACTIVE: Final = '"#<>&`'


def mermaid(graph: GraphFile) -> Iterator[str]:
    """Lines of a Mermaid file. Ids may have any characters: they stand as quoted labels."""
    part = graph.part
    yield "flowchart LR"
    for number, places in part.waves.items():
        yield f'  subgraph wave_{number}["wave {number}"]'
        yield "    direction TB"
        for place in places:
            kind = graph.kinds.of[place]
            name = "other" if kind == OTHER else f"kind{kind}"
            yield f"    n{place}[{_quoted(graph.labels[place])}]:::{name}"
        yield "  end"
    for edge in graph.edges():
        label = _quoted(graph.short_reason(edge))
        yield f"  n{edge.earlier} {_arrow(graph, edge)}|{label}| n{edge.later}"
    for kind, colour in [*enumerate(COLOURS[: len(graph.kinds.names)]), (OTHER, OTHER_COLOUR)]:
        name = "other" if kind == OTHER else f"kind{kind}"
        yield f"  classDef {name} fill:{colour},stroke:#777777,color:#000000"
    critical = [f"n{place}" for place, is_critical in enumerate(part.is_critical) if is_critical]
    if critical:
        yield f"  classDef critical stroke:{ON_PATH_COLOUR},stroke-width:3px"
        yield f"  class {','.join(critical)} critical"


def _arrow(graph: GraphFile, edge: Edge) -> str:
    if not edge.is_direct:
        return "-.->"
    return "==>" if graph.is_on_path(edge) else "-->"


def _quoted(text: str) -> str:
    """Text in quotes, with entities for what Mermaid or HTML would interpret."""
    escaped = "".join(f"#{ord(char)};" if char in _ACTIVE else char for char in text)
    return f'"{escaped}"'
