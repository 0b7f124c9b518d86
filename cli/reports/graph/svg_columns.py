"""Boxes and arrows in SVG: a column for each wave; those that nobody waits for stand below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ....scheduler.picture.layered import Layered, lay_out
from .graph_file import Edge, GraphFile, reason
from .svg_shapes import Drawing, box, line, text

_BOX_WIDTH: Final = 92
_BOX_HEIGHT: Final = 19  # odd: layouts place middles
_GAP: Final = 6
_CHANNEL: Final = 80  # between columns: room for curves
_CHANNEL_NAMED: Final = 150  # and for the accounts beside arrows
_EDGES_NAMED_MAX: Final = 24
_HEADER: Final = 22
_FREE_COLUMNS: Final = 8


class _Place(NamedTuple):
    x: float
    y: float


def column_drawing(graph: GraphFile) -> Drawing:
    """Draw the transactions that are tied to each other, and below the others, in a grid."""
    edges = list(graph.edges())
    tied = {end for edge in edges for end in (edge.earlier, edge.later)}
    layers = [[place for place in wave if place in tied] for wave in graph.part.waves.values()]
    numbers = [number for number, layer in zip(graph.part.waves, layers, strict=True) if layer]
    found = lay_out(
        [layer for layer in layers if layer],
        [(edge.earlier, edge.later) for edge in edges],
        dict.fromkeys(tied, _BOX_HEIGHT),
        _GAP,
    )
    channel = _CHANNEL_NAMED if len(edges) <= _EDGES_NAMED_MAX else _CHANNEL
    columns = _Columns(graph, found, channel)
    elements = [
        *(text(columns.x(n), 12, f"wave {number}", "quiet") for n, number in enumerate(numbers)),
        *columns.lines(edges),
        *columns.boxes(),
    ]
    if len(edges) <= _EDGES_NAMED_MAX:
        elements += columns.accounts(edges)
    width = round(columns.x(len(found.rows)) - channel) if found.rows else 0
    height = _HEADER + found.width if found.rows else 0
    free = [place for place in range(len(graph.part)) if place not in tied]
    return _with_free(graph, free, Drawing(width, height, elements))


class _Columns:
    def __init__(self, graph: GraphFile, found: Layered, channel: int) -> None:
        self.graph = graph
        self.found = found
        self.channel = channel
        # By (node, row): where its box is, or its trunk passes.
        self.places: dict[tuple[int, int], _Place] = {
            (slot.node, row): _Place(self.x(row), _HEADER + slot.centre)
            for row, slots in enumerate(found.rows)
            for slot in slots
        }
        self.row_of: Mapping[int, int] = {
            slot.node: row
            for row, slots in enumerate(found.rows)
            for slot in slots
            if not slot.is_trunk
        }

    def x(self, row: int) -> float:
        """Where the boxes of a column begin."""
        return row * (_BOX_WIDTH + self.channel)

    def boxes(self) -> Iterator[str]:
        for node, row in self.row_of.items():
            yield from _box(self.graph, node, *self.places[node, row])

    def lines(self, edges: Sequence[Edge]) -> Iterator[str]:
        """The edges, those of the critical path last: on top of the others."""
        for edge in sorted(edges, key=self.graph.is_on_path):
            title = f"{self.graph.ids[edge.earlier]} → {self.graph.ids[edge.later]}: "
            yield line(self._path(edge), self._classes(edge), title + reason(edge.conflicts))

    def accounts(self, edges: Sequence[Edge]) -> Iterator[str]:
        """The account of each arrow, above its end; of several to one box, below each other."""
        named: dict[int, list[str]] = {}
        for edge in edges:
            names = named.setdefault(edge.later, [])
            name = self.graph.short_reason(edge)
            if name not in names:
                place = self.places[edge.later, self.row_of[edge.later]]
                yield text(place.x - 10, place.y - 3 + 11 * len(names), name, "account")
                names.append(name)

    def _path(self, edge: Edge) -> str:
        """From the right of one box to the left of the other, through the trunk between them."""
        first, last = self.row_of[edge.earlier], self.row_of[edge.later]
        at = self.places[edge.earlier, first]
        parts = [f"M{at.x + _BOX_WIDTH:g} {at.y:g}"]
        for row in range(first + 1, last + 1):
            node = edge.later if row == last else edge.earlier
            to = self.places[node, row]
            bend = at.x + _BOX_WIDTH + self.channel / 2
            parts.append(f"C{bend:g} {at.y:g} {bend:g} {to.y:g} {to.x:g} {to.y:g}")
            if row != last:
                parts.append(f"H{to.x + _BOX_WIDTH:g}")
            at = to
        return "".join(parts)

    def _classes(self, edge: Edge) -> str:
        if not edge.is_direct:
            return "edge implied"
        return "edge on" if self.graph.is_on_path(edge) else "edge"


def _with_free(graph: GraphFile, free: Sequence[int], drawing: Drawing) -> Drawing:
    """Add those that conflict with nobody, in rows as wide as the drawing."""
    if not free:
        return drawing
    step = _BOX_WIDTH + 2 * _GAP
    across = max(_FREE_COLUMNS, (drawing.width + 2 * _GAP) // step)
    top = drawing.height + (2 * _HEADER if drawing.height else _HEADER)
    heading = text(0, top - 8, f"conflict with nobody: {len(free):,}", "quiet")
    elements = [*drawing.elements, heading]
    for nth, place in enumerate(free):
        row, column = divmod(nth, across)
        middle = top + row * (_BOX_HEIGHT + _GAP) + _BOX_HEIGHT // 2
        elements += _box(graph, place, column * step, middle)
    width = max(drawing.width, min(across, len(free)) * step - 2 * _GAP)
    rows = -(-len(free) // across)
    return Drawing(width, top + rows * (_BOX_HEIGHT + _GAP), elements)


def _box(graph: GraphFile, place: int, x: float, middle: float) -> list[str]:
    top = middle - _BOX_HEIGHT // 2
    on_path = graph.part.is_critical[place]
    title = graph.described(place)
    return [
        box(x, top, _BOX_WIDTH, _BOX_HEIGHT, graph.colour(place), title, on_path=on_path),
        text(x + _BOX_WIDTH / 2, middle + 4, graph.labels[place], "in"),
    ]
