"""Tables for notebooks, as HTML in which text is always escaped.

Guarantees: every cell and caption is escaped, so that an id such as `<script>` shows as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from .one_line import shortened

_CELL_LEN_MAX: Final = 60
_LEFT: Final = ' style="text-align:left;padding:0 .6em"'
_RIGHT: Final = ' style="text-align:right;padding:0 .6em"'


def html_table(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], more: str = ""
) -> str:
    """A small table; numbers right-aligned, thousands separated. `more` says what is left out."""
    head = "".join(f"<th{_LEFT}>{escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    rest = f'<tr><td colspan="{len(header)}"{_LEFT}>{escape(more)}</td></tr>' if more else ""
    return (
        f'<table><caption style="text-align:left;caption-side:top"><b>{escape(caption)}</b>'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}{rest}</tbody></table>"
    )


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<td{_RIGHT}>{value:,}</td>"
    if isinstance(value, float):
        return f"<td{_RIGHT}>{value:,.2f}</td>"
    return f"<td{_LEFT}>{escape(shortened(str(value), _CELL_LEN_MAX))}</td>"
