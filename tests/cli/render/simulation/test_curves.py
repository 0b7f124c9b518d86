"""Curves and sparklines: what a terminal shows of figures."""

from __future__ import annotations

from sealane.cli.render.simulation.curves import Canvas, Curve
from sealane.cli.render.simulation.sparkline import sparkline


def drawn(canvas: Canvas, limits: list[float]) -> list[str]:
    return [line.plain for line in canvas.lines(limits)]


def test_a_line_rises_dot_by_dot_below_what_is_out_of_reach() -> None:
    """Four columns are eight dots, two rows eight more: the diagonal, with A at both ends."""
    canvas = Canvas(4, 2, points=2, top=8.0)
    canvas.draw(Curve("A", "cyan", [0.0, 8.0]))
    assert drawn(canvas, [8.0, 8.0]) == ["  ⣠A", "A⠞⠁ "]
    assert drawn(canvas, [0.0, 0.0]) == ["░░⣠A", "A⠞⠁░"]


def test_a_steep_line_has_no_gaps() -> None:
    canvas = Canvas(3, 3, points=3, top=1.0)
    canvas.draw(Curve("A", "cyan", [0.0, 0.0, 1.0]))
    rows = drawn(canvas, [1.0, 1.0, 1.0])
    assert all(row[2] != " " or row[1] != " " for row in rows), rows


def test_the_curve_drawn_last_is_seen_whole() -> None:
    canvas = Canvas(5, 1, points=2, top=1.0)
    canvas.draw(Curve("A", "cyan", [0.0, 0.0]))
    canvas.draw(Curve("B", "red", [0.0, 0.0]))
    (line,) = canvas.lines([1.0, 1.0])
    assert line.plain == "B⣀⣀⣀B"
    assert "cyan" not in str(line.spans)


def test_values_beyond_the_canvas_stay_on_it() -> None:
    canvas = Canvas(2, 2, points=2, top=1.0)
    canvas.draw(Curve("A", "cyan", [-5.0, 9.0]))
    assert drawn(canvas, [1.0, 1.0]) == [" A", "A⡇"]


def test_a_sparkline_has_a_bar_for_each_value() -> None:
    assert sparkline([1, 2, 4, 8], 8) == "▁▂▄█"
    assert sparkline([0, 16], 8) == "▁█"
    assert sparkline([0.0], 0.0) == "▁"
    assert sparkline([], 1.0) == ""
