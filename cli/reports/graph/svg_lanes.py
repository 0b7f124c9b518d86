"""Many transactions in SVG: bars over time, on so many workers that few have to wait for one.

The timeline is that of the whole block; of a part, the others are faint.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from .graph_file import GraphFile
from .svg_shapes import Drawing, box, faint_box, rule, text

_WIDTH: Final = 1500
_LANE: Final = 26
_BAR_HEIGHT: Final = 20
_BAR_WIDTH_MIN: Final = 1.2
_LABEL_WIDTH: Final = 80  # a bar from here on has its label in it
_HEADER: Final = 22
_TICKS: Final = 6
_WAITS_SAID_MAX: Final = 3
_WORKERS_MAX: Final = 64
_WORKERS_SPARE: Final = 2  # times the parallelism: with as many, the critical path sets the end


def lane_workers(graph: GraphFile) -> int:
    """How many workers the drawing has."""
    return min(_WORKERS_MAX, ceil(_WORKERS_SPARE * graph.part.whole.parallelism))


def lane_drawing(graph: GraphFile) -> Drawing:
    """Draw who runs when, the longest remaining path first."""
    part = graph.part
    workers = lane_workers(graph)
    timeline = part.whole.timeline(workers, "dataflow")
    span = max(1, timeline.makespan)
    place_of = {position: place for place, position in enumerate(part.positions.tolist())}
    height = _HEADER + _LANE * workers
    elements = list(_axis(span, height))
    for run in timeline.runs():
        x, y = round(_WIDTH * run.start / span, 1), _HEADER + run.worker * _LANE
        width = round(max(_BAR_WIDTH_MIN, _WIDTH * (run.end - run.start) / span), 1)
        if run.position in place_of:
            times = f"{run.start:,} to {run.end:,}"
            elements += _bar(graph, place_of[run.position], (x, y, width), times)
        else:
            elements.append(faint_box(x, y, width, _BAR_HEIGHT))
    return Drawing(_WIDTH, height, elements)


def _axis(span: int, height: int) -> Iterator[str]:
    for tick in range(_TICKS + 1):
        x = _WIDTH * tick / _TICKS
        yield rule(x, _HEADER - 6, height)
        anchor = "quiet end" if tick == _TICKS else "quiet"
        yield text(x, 12, f"{span * tick // _TICKS:,}", anchor)


def _bar(graph: GraphFile, place: int, at: tuple[float, float, float], times: str) -> Iterator[str]:
    x, y, width = at
    title = f"{graph.described(place)}\n{times}{_waits(graph, place)}"
    on_path = graph.part.is_critical[place]
    yield box(x, y, width, _BAR_HEIGHT, graph.colour(place), title, on_path=on_path)
    if width >= _LABEL_WIDTH:
        yield text(x + width / 2, y + 14, graph.labels[place], "in")


def _waits(graph: GraphFile, place: int) -> str:
    """For whom it waits, and on what: the first few, a line each."""
    block = graph.part.block
    lines = [
        f"\nwaits for {graph.ids[each]} on {graph.account(block.conflicts(each, place)[0].account)}"
        for each in block.dag.first_predecessors(place, _WAITS_SAID_MAX)
    ]
    rest = int(block.dag.neighbours.before[place]) - len(lines)
    return "".join(lines) + (f"\nand for {rest:,} more" if rest else "")
