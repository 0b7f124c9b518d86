"""The report in a browser: hover, zoom, search, the keyboard, dark mode, paper, hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.cli.app import main

from ...real_data import MAINNET
from .browser import Opened, opened

pytestmark = pytest.mark.slow

# a0 ── a1 ── a2 on a; b alone. On two workers: a0 a1 a2 beside b.
CHAIN = """
sealane: 1
transactions:
  - {id: a0, writes: [hot], cost: 300}
  - {id: a1, writes: [hot, purse], cost: 100}
  - {id: a2, reads: [hot], writes: [other], cost: 100}
  - {id: b, writes: [alone], cost: 200}
"""
IMAGE = '<img src=x onerror=document.title="got">'
HOSTILE = rf"""
sealane: 1
transactions:
  - {{id: '</script><script>document.title="got"</script>', writes: ['{IMAGE}']}}
  - {{id: '<!--<script>', writes: ['{IMAGE}', '"quoted" &amp; \u2028']}}
"""


def report(path: Path, folder: Path, *options: str) -> Path:
    page = folder / "report.html"
    assert main(["report", str(path), "-o", str(page), *options]) == 0
    return page


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Opened]:
    block = tmp_path / "chain.yaml"
    block.write_text(CHAIN)
    with opened(report(block, tmp_path)) as found:
        found.page.locator("#workers").select_option("2")
        yield found
        assert found.complaints == []
        assert [url for url in found.requests if not url.startswith(("file:", "data:"))] == []


def test_a_bar_says_what_it_waits_for_and_what_it_releases(chain: Opened) -> None:
    chain.page.locator("#lanes").scroll_into_view_if_needed()
    tip = _hover(chain, chain.lane_of("a1", workers=2), 0.7)
    assert "transaction: a1" in tip
    assert "runs: 300 to 400" in tip
    assert "waits for: a0 on hot" in tip
    assert "releases: a2" in tip


def _hover(found: Opened, lane: int, share: float) -> str:
    found.page.mouse.move(*found.point_at_lane(lane, share))
    tip = found.page.locator(".bk-tooltip-content:visible").first
    tip.wait_for(timeout=10_000)
    return " ".join(tip.inner_text().split())


def test_a_bar_that_is_clicked_is_shown_whole(chain: Opened) -> None:
    chain.page.locator("#lanes").scroll_into_view_if_needed()
    chain.page.mouse.click(*chain.point_at_lane(chain.lane_of("a0", workers=2), 0.1))
    assert chain.text("#picked h3") == "a0"
    assert "writes hot" in chain.text("#picked")
    chain.page.locator("#picked").get_by_role("button", name="a1").click()
    assert chain.text("#picked h3") == "a1"


def test_search_finds_ids_and_accounts_and_enter_goes_there(chain: Opened) -> None:
    page = chain.page
    page.keyboard.press("/")
    page.keyboard.type("a2")
    assert page.locator("#results li").first.inner_text() == "a2 transaction"
    page.keyboard.press("Enter")
    assert chain.text("#picked h3") == "a2"
    start, end = chain.bounds()
    assert start > 0, "and it is zoomed to"
    assert end <= 500
    page.locator("#search").fill("ho")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert chain.text("#picked h3") == "hot"
    assert "3 transactions, cost 500 together" in chain.text("#picked")
    page.locator("#search").fill("nobody")
    assert chain.text("#results") == "nothing in this block is called so"
    page.keyboard.press("Escape")
    assert page.locator("#picked").is_hidden()


PATHS = """
sealane: 1
resources: paths
transactions:
  - {id: pay, writes: [bank/alice], cost: 3}
  - {id: tip, writes: [bank/bob], cost: 4}
  - {id: audit, reads: [bank], cost: 2}
"""


def test_a_path_is_in_the_queue_of_those_above_it(tmp_path: Path) -> None:
    block = tmp_path / "paths.yaml"
    block.write_text(PATHS)
    with opened(report(block, tmp_path)) as found:
        page = found.page
        page.locator("#search").fill("audit")
        page.keyboard.press("Enter")
        assert "pay on bank/alice below bank" in found.text("#picked")
        page.locator("#search").fill("bank")
        page.keyboard.press("Enter")
        assert "3 transactions, cost 9 together" in found.text("#picked")
        assert "writes bank/bob, in wave 0" in found.text("#picked")
        assert found.complaints == []


def test_the_keyboard_zooms_and_walks(chain: Opened) -> None:
    page = chain.page
    page.locator("body").click(position={"x": 5, "y": 5})
    assert chain.bounds() == (0, 500)
    page.keyboard.press("+")
    assert chain.bounds() == (125, 375)
    page.keyboard.press(".")
    assert chain.bounds() == (187.5, 437.5)
    page.keyboard.press("0")
    assert chain.bounds() == (0, 500)
    page.keyboard.press("n")
    assert chain.text("#picked h3") == "a0"
    page.keyboard.press("n")
    assert chain.text("#picked h3") == "a1"
    page.keyboard.press("p")
    assert chain.text("#picked h3") == "a0"


def test_dragging_zooms_and_reset_shows_all(chain: Opened) -> None:
    chain.page.locator("#lanes").scroll_into_view_if_needed()
    chain.page.mouse.move(*chain.point_at_lane(1, 0.2))
    chain.page.mouse.down()
    chain.page.mouse.move(*chain.point_at_lane(2, 0.6), steps=5)
    chain.page.mouse.up()
    start, end = chain.bounds()
    assert start == pytest.approx(100, abs=20)
    assert end == pytest.approx(300, abs=20)


def test_other_numbers_of_workers_redraw_the_lanes(chain: Opened) -> None:
    chain.page.locator("#workers").select_option("8")
    lanes = chain.page.evaluate(
        "Array.from(Bokeh.documents[0].get_model_by_name('bars').data.bottom)"
    )
    assert len(set(lanes)) == 2, "two workers have something to run, of eight"


def test_hostile_names_are_text(tmp_path: Path) -> None:
    block = tmp_path / "hostile.yaml"
    block.write_text(HOSTILE)
    with opened(report(block, tmp_path)) as found:
        assert found.page.title() == "hostile.yaml · sealane report"
        found.page.locator("#search").fill("script")
        found.page.keyboard.press("Enter")
        assert found.text("#picked h3").startswith("</script>")
        _hover(found, 1, 0.2)
        assert found.page.title() == "hostile.yaml · sealane report"
        assert found.page.locator("img").count() == 0
        assert found.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_mainnet_block_light_and_dark_and_on_paper(tmp_path: Path, dark: bool) -> None:
    with opened(report(MAINNET, tmp_path), dark=dark) as found:
        page = found.page
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert back == ("rgb(22, 24, 29)" if dark else "rgb(255, 255, 255)")
        axis = page.evaluate(
            "Bokeh.documents[0].get_model_by_name('sealane-lanes').below[0].properties.axis_label_text_color.get_value()"
        )
        assert axis == ("#c6cddb" if dark else "#333a46")
        assert page.locator("canvas").count() >= 4
        page.locator("#search").fill("So1111")
        assert "wrapped SOL" in found.text("#results")
        page.keyboard.press("Enter")
        assert "124 transactions" in found.text("#picked")
        page.screenshot(path=tmp_path / "report.png", full_page=True)
        page.emulate_media(media="print", color_scheme="light")
        assert page.locator(".find").is_hidden()
        assert len(page.pdf()) > 50_000
        assert found.complaints == []


def test_a_narrow_screen_scrolls_nothing_sideways(tmp_path: Path) -> None:
    with opened(report(MAINNET, tmp_path), width=400) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 400
        assert found.complaints == []
