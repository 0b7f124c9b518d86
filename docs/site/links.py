"""Links in Markdown files: found, checked against the repository, and turned into links of pages.

Guarantees: a link that passes leads to a file or folder that is there, and its anchor to a heading
that is there. Does not: look at links to other sites, or at those written as HTML.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

# What looks like a link in code is none.
_CODE: Final = re.compile(
    r"^( *)(```+|~~~+).*?^\1\2|(`+)(?!`).*?(?<!`)\3(?!`)", re.DOTALL | re.MULTILINE
)
_LINK: Final = re.compile(r"\]\(\s*<?([^\s()<>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ELSEWHERE: Final = re.compile(r"[a-z][a-z+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to something in the repository, on 1-based `line` of the file `source`."""

    source: str
    line: int
    path: str  # from the repository's root; "" is the root itself
    anchor: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.path}{'#' * bool(self.anchor)}{self.anchor}"


def links_in(source: str, text: str) -> Iterator[Link]:
    """The links of a file to others of the repository, and to its own headings."""
    plain = _without_code(text)
    for found in _LINK.finditer(plain):
        if not _ELSEWHERE.match(found[1]):
            yield _link(source, plain.count("\n", 0, found.start()) + 1, found[1])


def dead_links(root: Path, source: str, text: str) -> Iterator[str]:
    """What is wrong with the file's links, one line for each that leads nowhere."""
    for link in links_in(source, text):
        target = root / link.path
        if link.path != source and not target.exists():
            yield f"{link}: there is no such file"
        elif link.anchor and link.anchor not in _anchors(source, text, link, target):
            yield f"{link}: there is no such heading"


def for_site(source: str, text: str, pages: Mapping[str, str], elsewhere: str) -> str:
    """The file's text for its page: links to files that are pages lead to these, links to all
    others into the repository, whose address begins with `elsewhere`."""
    here = PurePosixPath(pages[source]).parent

    def leads_to(target: str) -> str:
        if _ELSEWHERE.match(target) or target.startswith("#"):
            return target
        link = _link(source, 0, target)
        if link.path in pages:
            path = os.path.relpath(pages[link.path], here)
            return f"{path}#{link.anchor}" if link.anchor else path
        return f"{elsewhere}/{link.path}"

    return _with_targets(text, leads_to)


def anchors(text: str) -> set[str]:
    """What the headings of a Markdown text can be linked as, the way GitHub makes anchors."""
    found: set[str] = set()
    for heading in _HEADING.finditer(_without_code(text, keep_spans=True)):
        slug = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
        later = (f"{slug}-{number}" for number in range(1, len(found) + 1))
        found.add(next(name for name in (slug, *later) if name not in found))
    return found


def _anchors(source: str, text: str, link: Link, target: Path) -> set[str]:
    if link.path == source:
        return anchors(text)
    return anchors(target.read_text(encoding="utf-8")) if target.suffix == ".md" else set()


def _link(source: str, line: int, target: str) -> Link:
    path, _, anchor = target.partition("#")
    if not path:
        return Link(source, line, source, anchor)
    resolved = os.path.normpath(PurePosixPath(source).parent / path)
    return Link(source, line, "" if resolved == "." else resolved, anchor)


def _with_targets(text: str, leads_to: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(_without_code(text)):
        start, stop = found.span(1)
        parts += [text[end:start], leads_to(found[1])]
        end = stop
    return "".join([*parts, text[end:]])


def _without_code(text: str, *, keep_spans: bool = False) -> str:
    """The text with its code blanked out, everything else at its place."""

    def blank(found: re.Match[str]) -> str:
        if keep_spans and found[3]:
            return found[0]
        return re.sub(r"[^\n]", " ", found[0])

    return _CODE.sub(blank, text)
