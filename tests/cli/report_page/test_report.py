"""`sealane report`: one page, complete, that names no address."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.report_page.block_data import block_data
from sealane.primitives.extras import how_to_install
from sealane.scheduler import Schedule

from ...real_data import MAINNET
from ..command import Ending

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]
BYTES_MAX = 3_000_000


def data_of(page: Path) -> dict[str, Any]:
    """The block as the page has it."""
    found = re.search(
        r'<script type="application/json" id="block">(.*?)</script>', page.read_text(), re.DOTALL
    )
    assert found
    return json.loads(found[1])


def test_a_mainnet_block_has_every_part(sealane: Run, tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    assert sealane("report", MAINNET, "-o", page) == Ending(0, "", "")
    text = page.read_text()
    assert page.stat().st_size <= BYTES_MAX
    parts = re.findall(r'<section id="([a-z-]+)"><h2>([^<]+)</h2><p class="why">(.+?)</p>', text)
    assert [anchor for anchor, _, _ in parts] == [
        "causes",
        "lanes",
        "waves",
        "critical-path",
        "curves",
        "matrix",
    ]
    assert "<b>602</b>" in text
    data = data_of(page)
    assert len(data["ids"]) == 602
    assert data["offsets"][-1] == len(data["locks"]) == len(data["kinds"])
    assert set(data["timelines"]) == {"2", "4", "8", "16"}


def test_nothing_is_loaded_from_anywhere(sealane: Run, tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    sealane("report", MAINNET, "-o", page)
    text = page.read_text()
    assert not re.search(r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=[\"'](?!data:)", text)
    assert "@import" not in text
    assert not re.search(r"<link[^>]+stylesheet", text)


def test_timelines_are_those_that_are_simulated(sealane: Run, written: Write) -> None:
    from sealane import load

    block = written("block.yaml", "sealane: 1\ngenerate: {n: 300, accounts: 40, zipf: 1.1}\n")
    page = block.with_name("out.html")
    assert sealane("report", block, "-o", page).code == 0
    data = data_of(page)
    schedule = load(block).schedule()
    for workers, found in data["timelines"].items():
        timeline = schedule.timeline(int(workers))
        assert found["starts"] == timeline.starts
        assert found["ends"] == timeline.ends
        assert found["workers"] == timeline.workers
    assert data["path"] == list(schedule.critical_positions.transactions)
    edges = schedule.dag.edges.tolist()
    assert [data["edges"][n : n + 2] for n in range(0, len(data["edges"]), 2)] == edges


@pytest.mark.parametrize("text", ["transactions: []", "transactions: [{writes: [a]}]"])
def test_small_blocks_have_a_page_too(sealane: Run, written: Write, text: str) -> None:
    block = written("small.yaml", f"sealane: 1\n{text}\n")
    assert sealane("report", block, "-o", block.with_name("out.html")).code == 0


def test_a_page_that_cannot_be_written_is_refused(sealane: Run, tmp_path: Path) -> None:
    found = sealane("report", MAINNET, "-o", tmp_path / "no" / "out.html")
    assert found.code == 2
    assert "cannot be written: No such file or directory" in found.err


def test_without_bokeh_it_says_what_to_install(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("sealane.cli.report_page")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "bokeh"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "bokeh", None)
    found = sealane("report", MAINNET, "-o", tmp_path / "out.html")
    assert found.code == 2
    assert how_to_install("report") in found.err


def test_the_page_goes_to_stdout_as_well(sealane: Run, written: Write) -> None:
    block = written("one.yaml", "sealane: 1\ntransactions: [{writes: [a]}]\n")
    assert sealane("report", block, "-o", "-").out.startswith("<!DOCTYPE html>")


def test_causes_are_those_of_the_plan(sealane: Run, written: Write) -> None:
    """Two accounts that three transactions write, and one of them three more."""
    block = written(
        "block.yaml",
        "sealane: 1\ntransactions:\n"
        + "".join(f"  - {{writes: [pool, vault, purse{n}]}}\n" for n in range(3)),
    )
    page = block.with_name("out.html")
    assert sealane("report", block, "-o", page).code == 0
    (first, *_) = sealane("plan", block, "--json").document["hot_groups"]
    assert first["accounts"] == ["pool", "vault"]
    row = re.search(r"<tbody><tr>(.*?)</tr>", page.read_text(), re.DOTALL)
    assert row
    cells = re.findall(r'<td class="number">(.*?)</td>', row[1])
    assert re.findall(r"data-account=.*?key\">(\w+)<", row[1]) == first["accounts"]
    wins = [first[change]["parallelism"] for change in ("without", "split_8", "commutative")]
    assert cells == ["3", "100%", *(f"{win:,.2f} ×" for win in wins)]


def test_the_matrix_tells_edges_from_conflicts_that_a_path_implies() -> None:
    """0, 1 and 2 write a: 0 ── 1 ── 2, so that 0 and 2 conflict without an edge; 3 is alone."""
    from sealane.cli.report_page.report import matrix_cells
    from sealane.scheduler import Schedule

    nothing: list[str] = []
    block = Schedule.from_sets([*([(nothing, ["a"])] * 3), (nothing, ["b"])])
    cells = matrix_cells(block)
    assert list(zip(cells["left"], cells["top"], cells["texts"], strict=True)) == [
        (0, 1, "1 conflict, 1 direct edge"),
        (0, 2, "1 conflict, 0 direct edges"),
        (1, 2, "1 conflict, 1 direct edge"),
    ]


def test_a_page_has_joins_in_place_of_the_edges_that_they_stand_for() -> None:
    reads: tuple[list[str], list[str]] = (["a"], [])
    writes: tuple[list[str], list[str]] = ([], ["a"])
    schedule = Schedule.from_sets([reads] * 20 + [writes] * 30).changed(commutative="a")
    data = block_data(schedule, {})
    assert data["edges"] == []
    assert data["joins"] == [[list(range(20)), list(range(20, 50))]]
