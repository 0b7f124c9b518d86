"""The frame of every page: its head, its style, and its charts with all that draws them.

Guarantees: no address is named, and nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from ...primitives.version import find_version
from .charts import Inlined


class Section(NamedTuple):
    """A part of the page; `why` explains in a sentence what is seen. `body` is HTML."""

    anchor: str
    title: str
    why: str
    body: str


class Card(NamedTuple):
    """A figure, and what it is."""

    figure: str
    what: str


def document_html(
    title: str,
    kind: str,
    body: str,
    charts: Inlined,
    scripts: Iterable[str],
    data: Mapping[str, str],
) -> str:
    """The document around a body. `kind` is what it is, as "report". `scripts`: their files.

    `data`: attributes of the body that scripts read. A script finds the charts drawn, or being
    drawn, and window.sealaneColours.
    """
    made_by = escape(find_version())
    names = {"charts": " ".join(charts.divs), **data}
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in names.items())
    loaded = "\n".join(f"<script>{asset(name)}</script>" for name in ("colours.js", *scripts))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="sealane {made_by}">
<link rel="icon" href="data:,">
<title>{escape(title)} · sealane {kind}</title>
<style>{asset("page.css")}</style>
</head>
<body{attributes}>
{body}
{charts.scripts}
{loaded}
</body>
</html>
"""


def header_html(
    title: str, notes: Iterable[str], cards: Iterable[Card], sections: Sequence[Section]
) -> str:
    """The top of a page: its title, warnings, figures, and links to its sections."""
    links = " ".join(
        f'<a href="#{section.anchor}">{escape(section.title)}</a>' for section in sections
    )
    shown = "".join(
        f"<li><b>{escape(c.figure)}</b><span>{escape(c.what)}</span></li>" for c in cards
    )
    warned = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    return f"""<header>
<h1>{escape(title)}</h1>
{warned}<ul class="cards">{shown}</ul>
<nav aria-label="Parts of this page">{links}</nav>
</header>"""


def section_html(section: Section) -> str:
    """A section with its heading, and the sentence that explains it."""
    return (
        f'<section id="{section.anchor}"><h2>{escape(section.title)}</h2>'
        f'<p class="why">{escape(section.why)}</p>{section.body}</section>\n'
    )


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
