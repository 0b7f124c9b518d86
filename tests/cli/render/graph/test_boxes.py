"""A small block as boxes and arrows, character by character."""

from __future__ import annotations

import pytest

from sealane.cli.render.graph.boxes import BOXES_MAX, show_boxes
from sealane.scheduler import Schedule
from sealane.scheduler.picture.part import Choice, Part

from .views import block_of, shown

FORK: dict[str, tuple[list[str], list[str]]] = {
    "open": ([], ["a", "b"]),
    "left": (["a"], ["c"]),
    "right": (["b"], ["d"]),
    "alone": ([], ["x"]),
    "join": ([], ["c", "d"]),
}


def test_a_fork_and_a_join(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(show_boxes, block_of(FORK), capsys, columns=80)
    assert lines[1:] == [
        "                ┏━━━━━━━┓",
        "0               ┃ open  ┃",
        "                ┗━━━┳━━━┛",
        "        ╭───────────┴──────────╮",
        "        ▼ a                    ▼ b",
        "    ┏━━━━━━━┓              ╭───────╮",
        "1   ┃ left  ┃              │ right │",
        "    ┗━━━┳━━━┛              ╰───┬───╯",
        "        ╰───────────┬──────────╯",
        "                    ▼ c, d",
        "                ┏━━━━━━━┓",
        "2               ┃ join  ┃",
        "                ┗━━━━━━━┛",
        "conflict with nobody: alone",
    ]


def test_costs_stand_in_the_boxes_where_they_differ(capsys: pytest.CaptureFixture[str]) -> None:
    queue: dict[str, tuple[list[str], list[str]]] = {"a": ([], ["x"]), "b": ([], ["x"])}
    lines = shown(show_boxes, block_of(queue, [1, 2_000]), capsys, columns=80)
    assert lines[1:] == [
        "      ┏━━━┓",
        "0     ┃ a ┃",
        "      ┃ 1 ┃",
        "      ┗━┳━┛",
        "        │",
        "        ▼ x",
        "    ┏━━━━━━━┓",
        "1   ┃   b   ┃",
        "    ┃ 2,000 ┃",
        "    ┗━━━━━━━┛",
    ]


def test_an_edge_past_a_wave_goes_around_its_box(capsys: pytest.CaptureFixture[str]) -> None:
    jobs: dict[str, tuple[list[str], list[str]]] = {
        "one": ([], ["a", "b"]),
        "two": ([], ["a"]),
        "three": ([], ["a"]),
        "four": ([], ["a", "b"]),
    }
    lines = shown(show_boxes, block_of(jobs), capsys, columns=80)
    assert sum(line.count("▼") for line in lines) == 3
    assert "▼ b, a" in "\n".join(lines) or "▼ a, b" in "\n".join(lines)
    beside = [line for line in lines if "two" in line or "three" in line]
    assert all(line.count("│") == 1 for line in beside), "the trunk of one"


def test_waves_are_those_of_the_whole_block(capsys: pytest.CaptureFixture[str]) -> None:
    queue: dict[str, tuple[list[str], list[str]]] = {f"t{n}": ([], ["x"]) for n in range(9)}
    lines = shown(
        show_boxes, block_of(queue), capsys, columns=80, choice=Choice(around="t7", levels=1)
    )
    assert [line[0] for line in lines[1:] if not line.startswith(" ")] == ["6", "7", "8"]


@pytest.mark.parametrize(("tied", "is_drawn"), [(BOXES_MAX, True), (BOXES_MAX + 1, False)])
def test_too_many_boxes_are_not_drawn(
    tied: int, is_drawn: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs: list[tuple[list[str], list[str]]] = [([], ["x"])] * tied
    drawings: list[bool] = []

    def view(part: Part, page: object) -> None:
        drawings.append(show_boxes(part, page))  # pyright: ignore[reportArgumentType]

    shown(view, Schedule.from_sets(jobs), capsys, columns=80)
    assert drawings == [is_drawn]


@pytest.mark.parametrize("columns", [20, 30, None])
def test_a_graph_that_does_not_fit_is_not_drawn(
    columns: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = {name * 12: access for name, access in zip("opqrs", FORK.values(), strict=True)}
    lines = shown(show_boxes, block_of(jobs), capsys, columns=columns)
    assert (lines == [""]) == (columns is not None)


def test_wide_and_unprintable_names_keep_their_boxes(capsys: pytest.CaptureFixture[str]) -> None:
    jobs: dict[str, tuple[list[str], list[str]]] = {"支付\x1b": ([], ["x"]), "e\u0301": ([], ["x"])}
    lines = shown(show_boxes, block_of(jobs), capsys, columns=80)
    assert lines[1:] == [
        "    ┏━━━━━━━━━━━┓",
        "0   ┃ 支付\\x1b  ┃",
        "    ┗━━━━━┳━━━━━┛",
        "          │",
        "          ▼ x",
        "        ┏━━━┓",
        "1       ┃ e\u0301 ┃",
        "        ┗━━━┛",
    ]


def test_a_line_with_other_arrows_is_not_met(capsys: pytest.CaptureFixture[str]) -> None:
    """Were the lines of a and b in one row, b would seem to lead to c as well."""
    jobs: dict[str, tuple[list[str], list[str]]] = {
        "a": ([], ["p", "q"]),
        "b": ([], ["r"]),
        "c": (["p"], []),
        "d": (["q", "r"], []),
    }
    lines = shown(show_boxes, block_of(jobs), capsys, columns=80)
    assert lines[4:7] == [
        "      ╭─────┴────────────╮     │",
        "      │                  ├─────╯",
        "      ▼ p                ▼ q, r",
    ]
