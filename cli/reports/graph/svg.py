"""The graph as one SVG file: no script, nothing from elsewhere, dark where the reader's system is.

Up to TIED_MAX transactions that wait for each other are boxes and arrows, a column for each wave;
more are bars over time. Pointing at something shows the whole id, or the accounts of an edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ....scheduler.picture.kinds import OTHER
from .graph_file import COLOURS, ON_PATH_COLOUR, OTHER_COLOUR, GraphFile
from .svg_columns import column_drawing
from .svg_lanes import lane_drawing, lane_workers
from .svg_shapes import text, written

TIED_MAX: Final = 300
_MARGIN: Final = 16
_TITLE_BASELINE: Final = 28
_LEGEND_TOP: Final = 40
_LEGEND_ROW: Final = 20
_CHAR_WIDTH: Final = 7.2
_CHIP: Final = 12
_WIDTH_MIN: Final = 640
_STYLE: Final = f"""<style>
svg {{ background: #ffffff; font-family: ui-sans-serif, system-ui, sans-serif; font-size: 11px }}
text {{ fill: #222222 }}
.title {{ font-size: 15px; font-weight: 600 }}
.quiet {{ fill: #666666 }}
.end {{ text-anchor: end }}
.in {{ fill: #000000; font-family: ui-monospace, monospace; text-anchor: middle;
  pointer-events: none }}
.box {{ stroke: #777777; stroke-width: 0.7 }}
.edge {{ fill: none; stroke: #8a8a8a; opacity: 0.7 }}
.thin {{ stroke: none }}
.implied {{ stroke-dasharray: 3 3; opacity: 0.4 }}
.on {{ stroke: {ON_PATH_COLOUR}; stroke-width: 2.5; opacity: 1 }}
.edge:hover, .box:hover {{ stroke: #d0006f; stroke-width: 3; opacity: 1 }}
.account {{ fill: #7a2a8a; font-size: 10px; text-anchor: end; pointer-events: none }}
.rule {{ stroke: #dddddd }}
.faint {{ fill: #808080; opacity: 0.18 }}
.head {{ fill: #8a8a8a }}
@media (prefers-color-scheme: dark) {{
  svg {{ background: #15171a }}
  text {{ fill: #e6e6e6 }}
  .quiet {{ fill: #a0a0a0 }}
  .in {{ fill: #000000 }}
  .account {{ fill: #e0a0ee }}
  .rule {{ stroke: #33373c }}
}}
</style>"""
_HEAD: Final = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker>'
    "</defs>"
)


def svg(graph: GraphFile) -> Iterator[str]:
    """Lines of an SVG file; ids may have any characters. Raises UsageError as GraphFile.edges."""
    is_small = len(graph.part.block.dag.order.tied) <= TIED_MAX
    drawing = column_drawing(graph) if is_small else lane_drawing(graph)
    width = max(_WIDTH_MIN, drawing.width) + 2 * _MARGIN
    legend, top = _legend(graph, width, is_small=is_small)
    height = top + drawing.height + _MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">'
    )
    yield f"<title>{written(graph.title)}</title>"
    yield from _STYLE.splitlines()
    yield _HEAD
    yield text(_MARGIN, _TITLE_BASELINE, graph.title, "title")
    yield from legend
    yield f'<g transform="translate({_MARGIN} {top})">'
    yield from drawing.elements
    yield "</g>"
    yield "</svg>"


def _legend(graph: GraphFile, width: int, *, is_small: bool) -> tuple[list[str], int]:
    """What colours and places stand for, and where the drawing below can begin."""
    entries = [(COLOURS[kind], graph.kind_name(kind)) for kind in range(len(graph.kinds.names))]
    if OTHER in graph.kinds.of:
        entries.append((OTHER_COLOUR, graph.kind_name(OTHER)))
    x, y = float(_MARGIN), _LEGEND_TOP
    elements = [text(x, y + 10, f"{graph.kinds.what}:", "quiet")]
    x += _CHAR_WIDTH * (len(graph.kinds.what) + 2)
    for colour, name in entries:
        room = _CHIP + 6 + _CHAR_WIDTH * len(name) + 12
        if x + room > width - _MARGIN:
            x, y = float(_MARGIN), y + _LEGEND_ROW
        chip = f'<rect x="{x:g}" y="{y}" width="{_CHIP}" height="{_CHIP}" rx="3" fill="{colour}"/>'
        elements += [chip, text(x + _CHIP + 6, y + 10, name)]
        x += room
    y += _LEGEND_ROW
    explained = (
        "An arrow: waits for; orange: the critical path, the costliest chain of the block."
        if is_small
        else f"A bar: a transaction, as long as it costs, on one of {lane_workers(graph)} workers; "
        "orange: the critical path, before whose end no number of workers is done."
    )
    elements.append(text(_MARGIN, y + 10, explained, "quiet"))
    return elements, y + 2 * _LEGEND_ROW
