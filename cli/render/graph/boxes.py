"""A small block drawn as a graph: boxes in rows, a row for each wave, and arrows between them.

A trunk leads down from each transaction that others wait for; beside each arrow stand the accounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ....scheduler.picture.layered import Layered, Slot, lay_out
from ....scheduler.picture.part import Part
from ..page import Page, count
from ..text import Text
from .canvas import Canvas

BOXES_MAX: Final = 16
_GAPS: Final = (14, 8, 4, 2)  # the first that fits: wide ones leave room for accounts
_MARGIN: Final = 4  # columns for the numbers of waves
_ON_PATH: Final = "yellow"
_OFF_PATH: Final = "cyan"


def show_boxes(part: Part, page: Page) -> bool:
    """Show the graph; False if there are too many transactions, or no room, for one."""
    tied = tied_places(part)
    if not tied or len(tied) > BOXES_MAX:
        return False
    canvas = _drawn(part, tied, page)
    if canvas is None:
        return False
    page.heading("Graph", "an arrow: waits, on the account beside it; heavy: the critical path")
    page.show(*canvas.rows())
    _show_untied(part, tied, page)
    return True


def tied_places(part: Part) -> list[int]:
    """Those, by place in the part, that wait for another of the part, or another for them."""
    return part.block.dag.order.tied.tolist()


def _show_untied(part: Part, tied: Sequence[int], page: Page) -> None:
    known = set(tied)
    free = [page.key(part.block.ids[place]) for place in range(len(part)) if place not in known]
    if free:
        page.show(Text.assemble(("conflict with nobody: ", "dim"), (", ".join(free), "green")))


def _drawn(part: Part, tied: Sequence[int], page: Page) -> Canvas | None:
    texts = {place: _box_lines(part, place, page) for place in tied}
    widths = {
        place: _odd(max(Text(line).cell_len for line in lines) + 4)
        for place, lines in texts.items()
    }
    layers = [[place for place in wave if place in texts] for wave in part.waves.values()]
    numbers = [number for number, layer in zip(part.waves, layers, strict=True) if layer]
    edges: list[tuple[int, int]] = part.block.every_edge.tolist()
    for gap in _GAPS:
        found = lay_out([layer for layer in layers if layer], edges, widths, gap)
        columns = _columns(found)
        if columns is not None and found.width + _MARGIN <= page.drawing_width:
            return _Drawing(part, page, found, columns, texts).draw(numbers)
    return None


def _box_lines(part: Part, place: int, page: Page) -> list[str]:
    lines = [Text(page.key(part.block.ids[place])).plain]  # escaped, as it will be shown
    costs = part.block.costs
    if int(costs.min()) != int(costs.max()):
        lines.append(count(int(costs[place])))
    return lines


def _odd(width: int) -> int:
    return width + 1 - width % 2


def _columns(found: Layered) -> list[list[int]] | None:
    """By row and slot: in which column lines reach it from above; None if there is no way.

    Lines leave a box at its centre. They reach it where one of those that it waits for is straight
    above, or else as near to the centre as no line from another ends.
    """
    columns = [[slot.centre for slot in row] for row in found.rows]
    for row in range(1, len(found.rows)):
        above = found.rows[row - 1]
        leaves = [
            columns[row - 1][n] if slot.is_trunk else slot.centre for n, slot in enumerate(above)
        ]
        for place, slot in enumerate(found.rows[row]):
            linked = [leaves[a] for a, b in found.links[row - 1] if b == place]
            foreign = set(leaves) - set(linked)
            wanted = [at for at in linked if _is_inside(at, slot)]
            inside = sorted(_inside(slot), key=lambda at: (abs(at - slot.centre), at))
            free = [at for at in [*wanted, *inside] if at not in foreign]
            if not free:
                return None
            columns[row][place] = free[0]
    return columns


def _inside(slot: Slot) -> range:
    half = slot.width // 2
    return (
        range(slot.centre - half + 1, slot.centre + half)
        if not slot.is_trunk
        else range(slot.centre - half, slot.centre + half + 1)
    )


def _is_inside(column: int, slot: Slot) -> bool:
    return column in _inside(slot)


@dataclass(frozen=True)
class _Drawing:
    """A drawing in the making."""

    part: Part
    page: Page
    found: Layered
    columns: list[list[int]]
    texts: Mapping[int, list[str]]

    def draw(self, numbers: Sequence[int]) -> Canvas:
        canvas = Canvas(self.page.drawing_width)
        critical = self.part.is_critical
        for node in sorted(self.texts, key=critical.__getitem__):
            canvas.style(node, _ON_PATH if critical[node] else _OFF_PATH)
        height = max(map(len, self.texts.values())) + 2
        top = 0
        for row, slots in enumerate(self.found.rows):
            canvas.text(0, top + 1, str(numbers[row]), "dim")
            for place, slot in enumerate(slots):
                self._draw_slot(canvas, slot, self.columns[row][place], top, height)
            top += height
            if row + 1 < len(self.found.rows):
                top = self._draw_links(canvas, row, top)
        return canvas

    def _draw_slot(self, canvas: Canvas, slot: Slot, column: int, top: int, height: int) -> None:
        if slot.is_trunk:
            canvas.vertical(column + _MARGIN, top - 1, top + height, slot.node)
            return
        lines = self.texts[slot.node]
        on_path = self.part.is_critical[slot.node]
        canvas.box(
            slot.centre - slot.width // 2 + _MARGIN,
            top,
            lines,
            slot.width,
            _ON_PATH if on_path else _OFF_PATH,
            heavy=on_path,
        )

    def _draw_links(self, canvas: Canvas, row: int, top: int) -> int:
        """Draw the lines below a row of boxes; return the row where the next boxes begin."""
        uppers = self.found.rows[row]
        leaves = [
            self.columns[row][n] if slot.is_trunk else slot.centre for n, slot in enumerate(uppers)
        ]
        reached: dict[int, list[int]] = {}
        for upper, lower in self.found.links[row]:
            reached.setdefault(upper, []).append(self.columns[row + 1][lower])
        tracks = _tracks({upper: [leaves[upper], *at] for upper, at in reached.items()})
        arrows = top + max(1, 1 + max(tracks.values(), default=-1))
        for upper, targets in reached.items():
            net, leave = uppers[upper].node, leaves[upper] + _MARGIN
            if not uppers[upper].is_trunk:
                joint = "┳" if self.part.is_critical[net] else "┬"
                canvas.text(leave, top - 1, joint, _ON_PATH if joint == "┳" else _OFF_PATH)
            turn = top + tracks.get(upper, 0)
            canvas.vertical(leave, top - 1, turn, net)
            for target in targets:
                left, right = sorted((leave, target + _MARGIN))
                canvas.horizontal(turn, left, right, net)
                canvas.vertical(target + _MARGIN, turn, arrows, net)
        self._draw_arrows(canvas, row + 1, arrows)
        return arrows + 1

    def _draw_arrows(self, canvas: Canvas, row: int, y: int) -> None:
        """Draw the heads of all arrows first: labels take what room they leave."""
        heads = [
            (column + _MARGIN, slot.node)
            for slot, column in zip(self.found.rows[row], self.columns[row], strict=True)
            if not slot.is_trunk
        ]
        for x, node in heads:
            canvas.text(x, y, "▼", _ON_PATH if self.part.is_critical[node] else _OFF_PATH)
        for x, node in heads:
            room = canvas.free_from(x + 1, y) - 2
            label = _fitting(self._accounts(node), room)
            canvas.text(x + 2, y, label, "magenta")

    def _accounts(self, node: int) -> list[str]:
        """The accounts on which a transaction waits, each once."""
        block = self.part.block
        conflicts = [
            self.page.called(conflict.account, block.about)
            for earlier in block.dag.predecessors(node)
            for conflict in block.conflicts(earlier, node)
        ]
        return list(dict.fromkeys(conflicts))


def _fitting(names: Sequence[str], room: int) -> str:
    """As many names as fit, and how many do not; empty if none does."""
    for shown in range(len(names), 0, -1):
        rest = len(names) - shown
        label = ", ".join(names[:shown]) + (f" +{rest}" if rest else "")
        if Text(label).cell_len <= room:
            return Text(label).plain
    return ""


@dataclass(frozen=True)
class _Level:
    """The level part of a line: from `left` to `right`; `target`: its only arrow, if it is one."""

    left: int
    right: int
    target: int | None

    def is_apart(self, other: _Level) -> bool:
        """Whether both can be in one row: apart, or two that come to one arrow from both sides.

        A line with other arrows must not be met: it would seem that they are the other line's, too.
        """
        apart = self.right + 1 < other.left or other.right + 1 < self.left
        meet = self.right == other.left == self.target or self.left == other.right == self.target
        return apart or (meet and self.target == other.target)


def _tracks(ends: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """A row for each line that has a level part, so that no two in a row can be mixed up.

    `ends`: by line, the column where it leaves, then those that it reaches.
    """
    tracks: dict[int, int] = {}
    rows: list[list[_Level]] = []
    for line, columns in sorted(ends.items(), key=lambda item: (min(item[1]), item[0])):
        level = _Level(min(columns), max(columns), columns[1] if len(columns) == 2 else None)
        if level.left == level.right:
            continue
        apart = (n for n, row in enumerate(rows) if all(level.is_apart(each) for each in row))
        track = next(apart, len(rows))
        if track == len(rows):
            rows.append([])
        rows[track].append(level)
        tracks[line] = track
    return tracks
