"""The canvas: lines join where they meet, and pass where they cross."""

from __future__ import annotations

from sealane.cli.render.graph.canvas import Canvas


def drawn(canvas: Canvas) -> list[str]:
    return [row.plain for row in canvas.rows()]


def test_one_net_is_joined_and_two_cross() -> None:
    canvas = Canvas(9)
    canvas.style(0, "cyan")
    canvas.style(1, "yellow")
    canvas.vertical(0, 0, 1, 0)
    canvas.horizontal(1, 0, 4, 0)
    canvas.vertical(4, 1, 2, 0)
    canvas.vertical(2, 0, 2, 1)
    assert drawn(canvas) == ["│ │", "╰─│─╮", "  │ │"]


def test_a_trunk_branches_both_ways() -> None:
    canvas = Canvas(9)
    canvas.style(0, "")
    canvas.vertical(3, 0, 2, 0)
    canvas.horizontal(1, 1, 5, 0)
    canvas.vertical(1, 1, 2, 0)
    canvas.vertical(5, 1, 2, 0)
    assert drawn(canvas) == ["   │", " ╭─┼─╮", " │ │ │"]


def test_a_line_that_comes_in_from_the_side_joins_the_arrow() -> None:
    canvas = Canvas(9)
    canvas.style(0, "")
    canvas.style(1, "")
    canvas.vertical(2, 0, 2, 0)
    canvas.horizontal(1, 2, 4, 1)
    canvas.vertical(4, 0, 1, 1)
    canvas.vertical(2, 1, 2, 1)
    assert drawn(canvas) == ["  │ │", "  ├─╯", "  │"]


def test_boxes_and_texts_lie_over_lines() -> None:
    canvas = Canvas(9)
    canvas.style(0, "")
    canvas.horizontal(1, 0, 8, 0)
    canvas.box(1, 0, ["ab"], 6, "", heavy=False)
    canvas.box(1, 3, ["c", "1"], 5, "", heavy=True)
    assert drawn(canvas) == [
        " ╭────╮",
        "─│ ab │──",
        " ╰────╯",
        " ┏━━━┓",
        " ┃ c ┃",
        " ┃ 1 ┃",
        " ┗━━━┛",
    ]
    assert canvas.free_from(8, 0) == 1
    assert canvas.free_from(7, 1) == 0
    assert canvas.free_from(9, 0) == 0


def test_nothing_is_no_line() -> None:
    assert drawn(Canvas(9)) == []
