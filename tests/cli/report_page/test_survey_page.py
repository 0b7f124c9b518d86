"""`sealane survey --plots`: one page, complete, that names no address; and in a browser."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.primitives.extras import how_to_install

from ...analysis.survey.rows import write_chains
from ...real_data import MAINNET
from ..command import Ending
from .browser import Opened, opened

Run = Callable[..., Ending]
HOSTILE = "<img src=x onerror=document.title='got'>"
PARTS = ["parallelism", "waves", "path", "speed-ups", "blocks"]


@pytest.fixture
def page(sealane: Run, tmp_path: Path) -> Path:
    """The plots of a mainnet block, two chains, one with a hostile name, and a missing file."""
    chains = write_chains(tmp_path, 3, 9)
    hostile = tmp_path / f"{HOSTILE}.yaml"
    Path(chains[0]).rename(hostile)
    files = [MAINNET, hostile, chains[1], tmp_path / "none.json"]
    out = tmp_path / "plots.html"
    ending = sealane("survey", *files, "-w", "0", "-q", "--plots", out)
    assert ending.code == 2
    return out


def test_it_has_every_part_and_loads_nothing(page: Path) -> None:
    text = page.read_text()
    assert (
        re.findall(r'<section id="([a-z-]+)"><h2>[^<]+</h2><p class="why">.+?</p>', text) == PARTS
    )
    assert page.stat().st_size < 3_000_000
    assert not re.search(r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=[\"'](?!data:)", text)
    assert HOSTILE not in text
    assert "no such file; check the path" in text


def test_without_a_block_there_is_still_a_page(sealane: Run, tmp_path: Path) -> None:
    out = tmp_path / "plots.html"
    assert sealane("survey", tmp_path / "none.json", "-w", "0", "--plots", out).code == 2
    assert "<b>0</b><span>blocks</span>" in out.read_text()
    assert "<section" not in out.read_text()


def test_without_bokeh_it_says_what_to_install(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.startswith("sealane.cli.report_page")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "bokeh", None)
    monkeypatch.setitem(sys.modules, "bokeh.embed", None)
    ending = sealane("survey", tmp_path / "none.json", "--plots", tmp_path / "plots.html")
    assert ending.code == 2
    assert how_to_install("report") in ending.err
    assert "none.json" not in ending.err


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_a_point_names_its_block(page: Path, dark: bool) -> None:
    with opened(page, dark=dark) as found:
        point = _point(found, "waves", 602, 21)
        found.page.mouse.move(*point)
        tip = found.page.locator(".bk-tooltip-content:visible").first
        tip.wait_for(timeout=10_000)
        assert "mainnet_254170887.json.gz: 602 transactions, 21 waves" in tip.inner_text()
        assert found.page.title() == "Survey · sealane survey"
        assert found.complaints == []
        assert [url for url in found.requests if not url.startswith(("file:", "data:"))] == []


def _point(found: Opened, chart: str, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a chart has this point, scrolled into view."""
    found.page.locator(f"#{chart}").scroll_into_view_if_needed()
    left, top = found.page.evaluate(
        "([name, x, y]) => {"
        " const plot = Bokeh.documents[0].get_model_by_name(`sealane-${name}`);"
        " const view = Bokeh.index.find_one(plot);"
        " const whole = view.el.getBoundingClientRect();"
        " return [whole.left + view.frame.x_scale.compute(x),"
        "         whole.top + view.frame.y_scale.compute(y)]; }",
        [chart, x, y],
    )
    return left, top
