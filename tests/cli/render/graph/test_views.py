"""The views of a fixture and of a mainnet block: figures, shapes, and widths."""

from __future__ import annotations

import re
from functools import cache, partial

import pytest

from sealane import load
from sealane.cli.render.graph.clock import show_clock
from sealane.cli.render.graph.edge_table import show_all_conflicts
from sealane.cli.render.graph.graph_view import render_graph
from sealane.cli.render.graph.group_bars import show_groups
from sealane.cli.render.graph.matrix import show_matrix
from sealane.cli.render.graph.path_tree import show_path_tree
from sealane.scheduler import Schedule
from sealane.scheduler.picture.part import Choice

from ....real_data import MAINNET, REPOSITORY
from .views import block_of, shown

QUEUE: dict[str, tuple[list[str], list[str]]] = {
    "one": ([], ["a"]),
    "two": ([], ["a"]),
    "three": ([], ["a"]),
    "reads": (["a"], []),
    "alone": ([], ["b"]),
}
VIEWS = ["graph", "waves", "lanes", "matrix", "groups", "path", "all", None]


@cache
def mainnet() -> Schedule:
    return load(MAINNET).schedule()


@cache
def fixture() -> Schedule:
    return load(REPOSITORY / "fixtures" / "read_sharing.yaml").schedule()


@pytest.mark.parametrize("columns", [40, 80, 200, None])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits(
    view: str | None, columns: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    render = partial(render_graph, view=view, all_conflicts=False, quiet=True)
    for schedule in (fixture(), mainnet()):
        lines = shown(render, schedule, capsys, columns=columns)
        assert len(lines) > 3
        if columns is None and schedule is mainnet():
            drawings = [line for line in lines if re.search("[░▒▓█⠀-⣿]{4}", line)]
            assert max(map(len, drawings), default=0) <= 130, "a drawing, in a pipe"


def test_a_matrix_has_edges_above_and_all_conflicts_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(show_matrix, block_of(QUEUE), capsys, columns=80)
    assert [line[:12].rstrip() for line in lines[1:6]] == [
        "0  ╲ ■ · · ·",
        "1  ■ ╲ ■ · ·",
        "2  ■ ■ ╲ ■ ·",
        "3  ■ ■ ■ ╲ ·",
        "4  · · · · ╲",
    ]
    assert (
        lines[6] == "Above the diagonal, who waits directly: 3; below it, all who conflict: 6. Who"
    )


def test_a_matrix_of_dots(capsys: pytest.CaptureFixture[str]) -> None:
    """96 writers of one account: all pairs below the diagonal, the pairs beside it above."""
    jobs: list[tuple[list[str], list[str]]] = [([], ["x"])] * 96
    lines = shown(show_matrix, Schedule.from_sets(jobs), capsys, columns=80)
    assert lines[1] == "a dot is a pair, and is set if any of them conflict"
    rows = [line[4:] for line in lines[2:26]]
    assert all(row.startswith("⣿" * (2 * n)) for n, row in enumerate(rows))
    assert [len(row.rstrip()) for row in rows] == [min(48, 2 * n + 3) for n in range(24)]


def test_a_large_matrix_has_dots_for_squares(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(show_matrix, mainnet(), capsys, columns=100)
    assert lines[1] == "a dot is up to 4 × 4 pairs, and is set if any of them conflict"
    text = " ".join(lines[-2:])
    assert "who waits directly: 855; below it, all who conflict: 2,872." in text


def test_a_wave_is_as_long_as_its_costliest(capsys: pytest.CaptureFixture[str]) -> None:
    """t0 costs 1 and t1 3 in wave 0, t2 waits for t0 alone and costs 4."""
    jobs: dict[str, tuple[list[str], list[str]]] = {
        "short": ([], ["a"]),
        "long": ([], ["b"]),
        "later": ([], ["a"]),
    }
    view = partial(show_clock, rows_max=9)
    lines = shown(view, block_of(jobs, [1, 3, 4]), capsys, columns=100)
    drawn = {name: line for line in lines for name in jobs if f" {name} " in line}
    assert re.search(r"short +█{11}[▓▒░]░{21,23}$", drawn["short"])
    assert re.search(r"long +█{33,35}$", drawn["long"])
    assert re.search(r"later +█{44,46}$", drawn["later"])
    text = " ".join(lines)
    assert "by count the block is 2 steps. By cost, one wave after another takes 7:" in text
    assert "and 20% of all transactions' time in their waves is idle" in text
    assert "then the block takes 5, its critical path." in text


def test_the_clock_of_a_real_block(capsys: pytest.CaptureFixture[str]) -> None:
    view = partial(show_clock, rows_max=30)
    lines = shown(view, mainnet(), capsys, columns=100)
    text = " ".join(lines)
    assert "by count the block is 21 steps" in text
    assert "takes 5,686,989, its critical path" in text
    assert "≤ 247" in text
    starts = [len(line) - len(line[18:].lstrip()) for line in lines[2:23]]
    assert starts == sorted(starts), "a staircase"


def test_groups_tell_what_they_would_win(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(show_groups, mainnet(), capsys, columns=100)
    assert re.match(r"wrapped SOL +52% +9.4  ▒{32}█{5}.$", lines[2])
    assert re.match(r"5y5j…yviw \+1 +54% +8.4  ▒{32}█?.$", lines[3])
    assert re.match(r"USDC +45% +7.9  ▒{32}$", lines[6])
    knots = lines[
        lines.index("Knots  what the path waits on at once; each beside those above it") :
    ]
    assert [knots[n].split("  ")[-2].strip() for n in (2, 3, 4)] == ["10.0", "12.1", "12.4"]
    assert re.match(r"Jupiter v6 +100% +12.5  ▒{32}█{18}$", lines[-3])


def test_a_path_names_the_account_of_every_edge(capsys: pytest.CaptureFixture[str]) -> None:
    tail: dict[str, tuple[list[str], list[str]]] = {"tail": ([], ["a"])}
    jobs = QUEUE | tail
    lines = shown(show_path_tree, block_of(jobs, [5, 1, 1, 1, 1, 9]), capsys, columns=80)
    assert lines == [
        "Critical path  5 transactions, cost 17 of 18 (94.4%)",
        "◆ one    5 █████████████▍",
        "┃ on a",
        "◆ two    1 ██▋",
        "┃ on a",
        "◆ three  1 ██▋",
        "┃ on a",
        "◆ reads  1 ██▋",
        "┃ on a",
        "◆ tail   9 ████████████████████████",
        "No number of workers makes the block shorter than this chain.",
    ]


def test_what_else_hangs_off_the_path(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(show_path_tree, mainnet(), capsys, columns=100)
    text = "\n".join(lines)
    assert "┃ ├─ 9XhB…5XCR on Egot…bFAH +3  4,303,056 from there\n" in text
    assert "┃ ╰─ 7 others wait for it\n" in text
    assert "⋮ 3 more transactions, " in text
    piped = shown(show_path_tree, mainnet(), capsys, columns=None)
    assert sum(line.startswith("◆") for line in piped) == 17
    assert "⋮" not in "".join(piped)


def test_all_conflicts_tell_direct_from_implied(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(show_all_conflicts, block_of(QUEUE), capsys, columns=100)
    assert [line.split()[:3] for line in lines[2:8]] == [
        ["two", "one", "direct"],
        ["three", "one", "implied"],
        ["two", "direct", "write"],
        ["reads", "one", "implied"],
        ["two", "implied", "read"],
        ["three", "direct", "read"],
    ]
    assert lines[-1].startswith("3 edges stand for 6 conflicting pairs")
    lines = shown(show_all_conflicts, mainnet(), capsys, columns=100)
    assert "… and 2,772 more; choose some, as with --account" in lines


def test_a_part_says_that_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    render = partial(render_graph, view=None, all_conflicts=False, quiet=False)
    wrapped_sol = "So11111111111111111111111111111111111111112"
    lines = shown(
        render, mainnet(), capsys, columns=200, choice=Choice(accounts=[wrapped_sol], top=5)
    )
    assert lines[2] == (
        "only 5 of 602 transactions, those that lock So11…1112 and cost most; numbers of waves are "
        "those of the whole block"
    )
