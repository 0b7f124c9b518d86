"""The built site as a browser sees it: links lead somewhere, and nothing comes from elsewhere.

Zensical checks links between Markdown pages; this checks what came out, that of the theme, of the
docstrings and of the notebooks too.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; a link fetches nothing until somebody follows it.
_LOADS: Final = {("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src")}
_LOADING_RELATIONS: Final = {"stylesheet", "icon", "preload", "manifest"}
# The page for what is missing can be shown anywhere, so its links begin at the site's address.
_SHOWN_ANYWHERE: Final = "404.html"


class Page(HTMLParser):
    """The ids of a page, what it links to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.loads += [given[name] for name in given if (tag, name) in _LOADS]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and _LOADING_RELATIONS & set(given.get("rel", "").split()):
            self.loads.append(given["href"])


def faults_of(site: Path) -> Iterator[str]:
    """What is wrong with the site in this folder, a line each."""
    pages = {
        path: Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
        if path.name != _SHOWN_ANYWHERE
    }
    for path, page in pages.items():
        where = path.relative_to(site)
        for target in page.loads:
            if _is_elsewhere(target) and not target.startswith("data:"):
                yield f"{where}: loads {target} from elsewhere"
        for target in (*page.links, *page.loads):
            if not _is_elsewhere(target) and (fault := _fault(path, target, pages)):
                yield f"{where}: {target}: {fault}"


def _is_elsewhere(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.scheme or parts.netloc)


def _fault(path: Path, target: str, pages: dict[Path, Page]) -> str:
    parts = urlsplit(target)
    found = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if found.is_dir():
        found /= "index.html"
    if not found.is_file():
        return "there is no such page"
    anchor = unquote(parts.fragment)
    if anchor and found in pages and anchor not in pages[found].ids:
        return "there is no such anchor"
    return ""
