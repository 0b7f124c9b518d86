"""Shapes of an SVG file as text: everything that comes from a block is escaped here."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

# XML 1.0 has no way to write these, escaped or not.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FRAMED_WIDTH_MIN: Final = 4  # a narrower box would be all frame


class Drawing(NamedTuple):
    """Elements, and the room that they take from (0, 0), in pixels."""

    width: int
    height: int
    elements: list[str]


def text(x: float, y: float, content: str, classes: str = "") -> str:
    """Text whose baseline begins at (x, y), unless its classes place it otherwise."""
    named = f' class="{classes}"' if classes else ""
    return f'<text x="{x:g}" y="{y:g}"{named}>{written(content)}</text>'


def box(
    x: float, y: float, width: float, height: float, fill: str, title: str, *, on_path: bool
) -> str:
    """A rectangle that says its title when it is pointed at."""
    classes = "box on" if on_path else "box" if width >= _FRAMED_WIDTH_MIN else "box thin"
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" fill="{fill}" '
        f'class="{classes}"><title>{written(title)}</title></rect>'
    )


def faint_box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle of something that is not talked about here."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="faint"/>'


def line(path: str, classes: str, title: str, *, head: bool = True) -> str:
    """A line along an SVG path, with an arrow head, that says its title."""
    end = ' marker-end="url(#head)"' if head else ""
    return f'<path d="{path}" class="{classes}"{end}><title>{written(title)}</title></path>'


def rule(x: float, top: float, bottom: float) -> str:
    """A thin upright line behind a drawing."""
    return f'<path d="M{x:g} {top:g}V{bottom:g}" class="rule"/>'


def written(content: str) -> str:
    """Text as XML holds it, in elements and in attributes, on one line of the file."""
    return escape(_UNWRITABLE.sub("\ufffd", content), {'"': "&quot;", "\n": "&#10;"})
