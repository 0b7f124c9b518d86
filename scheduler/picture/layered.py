"""A layered drawing of a graph: a row for each wave, edges from row to row.

An edge that skips rows passes through a slot in each; edges from one transaction share these, so a
trunk leads down from it and branches off. In whole units: a view takes columns, a file pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from .ordering import order_layers
from .spacing import spaced

_SWEEPS: Final = 6
_STRAIGHT: Final = 8.0  # how much more than a node's place it matters that a trunk is straight
_TRUNK_WIDTH: Final = 3  # room to step aside


class Slot(NamedTuple):
    """A place in a row, of this width: of `node`, or of the trunk that passes by from it."""

    node: int
    is_trunk: bool
    centre: int
    width: int


@dataclass(frozen=True, repr=False)
class Layered:
    """`rows`: slots from left to right. `links[k]`: from slots of row k to slots of row k + 1.

    Everything is at 0 or right of it; `width` is where the last slot ends.
    """

    rows: list[list[Slot]]
    links: list[list[tuple[int, int]]]

    @property
    def width(self) -> int:
        """The width of the whole drawing."""
        return max(
            (slot.centre + slot.width // 2 + 1 for row in self.rows for slot in row), default=0
        )


def lay_out(
    layers: Sequence[Sequence[int]],
    edges: Sequence[tuple[int, int]],
    widths: Mapping[int, int],
    gap: int,
) -> Layered:
    """Lay out nodes, each in one of the layers. O(sweeps × (slots + links) log slots).

    `edges` lead from a layer to a later one. `widths`: odd, by node. `gap`: between two slots.
    """
    members, links = _with_trunks(layers, edges)
    orders = order_layers([len(row) for row in members], links)
    rows = [[row[member] for member in order] for row, order in zip(members, orders, strict=True)]
    place = [{member: n for n, member in enumerate(order)} for order in orders]
    links = [
        sorted((place[k][a], place[k + 1][b]) for a, b in pairs) for k, pairs in enumerate(links)
    ]
    widths_of = [[_TRUNK_WIDTH if trunk else widths[node] for node, trunk in row] for row in rows]
    centres = _centres(widths_of, [[trunk for _, trunk in row] for row in rows], links, gap)
    return Layered(
        [
            [
                Slot(*member, *put)
                for member, put in zip(row, zip(at, sizes, strict=True), strict=True)
            ]
            for row, at, sizes in zip(rows, centres, widths_of, strict=True)
        ],
        links,
    )


def _with_trunks(
    layers: Sequence[Sequence[int]], edges: Sequence[tuple[int, int]]
) -> tuple[list[list[tuple[int, bool]]], list[list[tuple[int, int]]]]:
    """By layer, its members (node, whether it is a trunk of that node); and links by gap."""
    layer_of = {node: number for number, layer in enumerate(layers) for node in layer}
    members = [[(node, False) for node in layer] for layer in layers]
    place = [{member: n for n, member in enumerate(row)} for row in members]
    links: list[dict[tuple[int, int], None]] = [{} for _ in range(max(0, len(layers) - 1))]
    for source, target in edges:
        at = (source, False)
        for layer in range(layer_of[source], layer_of[target]):
            last = layer + 1 == layer_of[target]
            following = (target, False) if last else (source, True)
            if following not in place[layer + 1]:
                place[layer + 1][following] = len(members[layer + 1])
                members[layer + 1].append(following)
            links[layer][place[layer][at], place[layer + 1][following]] = None
            at = following
    return members, [list(pairs) for pairs in links]


def _centres(
    widths: list[list[int]],
    trunks: list[list[bool]],
    links: list[list[tuple[int, int]]],
    gap: int,
) -> list[list[int]]:
    """Where the slots of each row are: near the rows above and below, in turn."""
    distances = [[(left + right) // 2 + gap for left, right in pairwise(row)] for row in widths]
    centres = [
        spaced([0.0] * len(row), [1.0] * len(row), distances[n]) for n, row in enumerate(widths)
    ]
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in range(1, len(widths)) if downwards else range(len(widths) - 2, -1, -1):
            other = row - 1 if downwards else row + 1
            pairs = links[other] if downwards else [(b, a) for a, b in links[row]]
            near: list[list[int]] = [[] for _ in widths[row]]
            for fixed, moved in pairs:
                near[moved].append(centres[other][fixed])
            wanted = [
                sum(at) / len(at) if at else float(centres[row][n]) for n, at in enumerate(near)
            ]
            weights = [
                _STRAIGHT if trunk else 1.0 + len(at)
                for trunk, at in zip(trunks[row], near, strict=True)
            ]
            centres[row] = spaced(wanted, weights, distances[row])
    left = min(
        (
            at - size // 2
            for n, row in enumerate(centres)
            for at, size in zip(row, widths[n], strict=True)
        ),
        default=0,
    )
    return [[at - left for at in row] for row in centres]
