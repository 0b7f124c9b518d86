"""How a notebook shows a value: its HTML, and what a browser would make of that."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

TABLE_TAGS = {"table", "caption", "b", "thead", "tbody", "tr", "th", "td"}
HOSTILE = ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "\x1b[2J\n&lt;"]
_METHOD = "_repr_html_"


def page_of(value: Any) -> str:
    """The HTML that a notebook asks the value for."""
    return getattr(value, _METHOD)()


class Page(HTMLParser):
    """The tags and the text of some HTML."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
