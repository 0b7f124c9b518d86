"""A report, opened in headless Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
READY_MS: Final = 60_000
# What Chromium says of its own drawing without a graphics card.
_OF_THE_DRIVER: Final = "GL Driver Message"


class Opened:
    """A page, and all that it complained of or asked of a network."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _OF_THE_DRIVER not in message.text:
            self.complaints.append(message.text)

    def text(self, selector: str) -> str:
        """The visible text of an element."""
        return self.page.locator(selector).inner_text()

    def lane_of(self, transaction: str, *, workers: int) -> int:
        """Which lane, from 1, runs it on so many workers."""
        block = json.loads(self.page.locator("#block").inner_text())
        lanes: list[int] = block["timelines"][str(workers)]["workers"]
        ids: list[str] = block["ids"]
        return lanes[ids.index(transaction)] + 1

    def bounds(self) -> tuple[float, float]:
        """From where to where the lanes show time."""
        shown: list[float] = self.page.evaluate(
            "(() => { const r = Bokeh.documents[0].get_model_by_name('sealane-lanes').x_range;"
            " return [r.start, r.end]; })()"
        )
        return shown[0], shown[1]

    def point_at_lane(self, lane: int, share: float) -> tuple[float, float]:
        """Where on the screen this share of the shown time is, in a lane (from 1)."""
        x, y = self.page.evaluate(
            "([lane, share]) => {"
            " const plot = Bokeh.documents[0].get_model_by_name('sealane-lanes');"
            " const view = Bokeh.index.find_one(plot);"
            " const r = plot.x_range;"
            " const box = view.frame.bbox;"
            " const whole = view.el.getBoundingClientRect();"
            " return [whole.left + view.frame.x_scale.compute(r.start + share * (r.end - r.start)),"
            "         whole.top + view.frame.y_scale.compute(lane)]; }",
            [lane, share],
        )
        return x, y


@contextmanager
def opened(path: Path, *, dark: bool = False, width: int = 1280) -> Generator[Opened]:
    """The page at `path`, drawn and ready. Skips where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt install chromium")
    pytest.importorskip("playwright", reason="Playwright is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            offline=True,
        )
        found = Opened(context.new_page())
        found.page.goto(path.as_uri())
        found.page.wait_for_selector("body[data-ready=yes]", timeout=READY_MS)
        yield found
        browser.close()
