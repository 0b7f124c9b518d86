"""Puts the report together: figures, tables, charts, and the block as data.

Guarantees: no address is named, and nothing is loaded; every text of the block is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from os.path import basename
from typing import Any, Final

from ...primitives.version import find_version
from ...scheduler import Schedule
from .charts import Inlined
from .document import Card, Section, document_html, header_html, section_html

_PATH_SHOWN_MAX: Final = 400
# Kept from ending the script that holds the data, and from being read as HTML.
_IN_SCRIPT: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page_html(
    title: str,
    notes: Iterable[str],
    cards: Iterable[Card],
    sections: Sequence[Section],
    charts: Inlined,
    *,
    data: Mapping[str, Any],
    workers: int,
) -> str:
    """The document. `data` is the block as page.js takes it; `workers` are shown at first."""
    body = f"""{header_html(title, notes, cards, sections)}
<div class="find" role="search">
<label for="search">Find a transaction or an account</label>
<input id="search" type="search" autocomplete="off" placeholder="id, key, name or label (press /)">
<ul id="results" aria-label="Found"></ul>
<p id="status" role="status" style="position:absolute;left:-9999px"></p>
</div>
<main>
{"".join(map(section_html, sections))}
</main>
<footer>Made by sealane {escape(find_version())}. Keys: / search, n and p next and previous of a
worker, + and - zoom, comma and full stop move, 0 all, Esc nothing picked.</footer>
<script type="application/json" id="block">{_json(data)}</script>"""
    shown = {"workers": str(workers)}
    return document_html(title, "report", body, charts, ["page.js"], shown)


def _json(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for plain, written in _IN_SCRIPT.items():
        text = text.replace(plain, written)
    return text


def title_of(schedule: Schedule) -> str:
    """The file's name without its folder."""
    return basename(schedule.source) or "block"


def lanes_html(chart: str, counts: Sequence[int], chosen: int) -> str:
    """The lanes: a choice of how many workers, the chart, and a panel for what is picked."""
    options = "".join(
        f'<option value="{count}"{" selected" if count == chosen else ""}>{count}</option>'
        for count in counts
    )
    return (
        f'<p><label>Workers <select id="workers">{options}</select></label> '
        '<span class="swatch" style="background:#d9731a"></span> critical path '
        '<span class="swatch" style="background:#3b82c4"></span> and '
        '<span class="swatch" style="background:#8a93a3"></span> others, by even and odd waves</p>'
        f'<div class="chart">{chart}</div>'
        '<div id="picked" hidden aria-live="polite"></div>'
    )


def account_button(schedule: Schedule, account: int) -> str:
    """An account that can be picked: its label, where it has one, and its whole key."""
    name = schedule.names[account]
    label = schedule.about.label(name)
    shown = f"{escape(label)} " if label else ""
    belongs = "" if label else schedule.about.belongs_to(account)
    beside = f' <span class="dim">{escape(belongs)}</span>' if belongs else ""
    return (
        f'<button type="button" class="link" data-account="{account}">{shown}'
        f'<span class="key">{escape(name)}</span></button>{beside}'
    )


def path_html(schedule: Schedule) -> str:
    """The critical path as a list that names the account between each two."""
    positions = schedule.critical_positions.transactions
    if not positions:
        return "<p>The block is empty.</p>"
    items: list[str] = []
    for place, position in enumerate(positions[:_PATH_SHOWN_MAX]):
        why = ""
        if place:
            conflicts = schedule.conflicts(positions[place - 1], position)
            first = conflicts[0]
            label = schedule.about.accounts.called(first.account)
            more = f" and {len(conflicts) - 1:,} more" if len(conflicts) > 1 else ""
            below = "" if first.ancestor is None else f", below {escape(first.ancestor)}"
            why = f'<div class="on">{escape(first.kind)} on {escape(label)}{below}{more}</div>'
        items.append(
            f'<li>{why}<button type="button" class="link" data-position="{position}">'
            f'<span class="key">{escape(schedule.ids[position])}</span></button> '
            f"cost {int(schedule.costs[position]):,}</li>"
        )
    hidden = len(positions) - len(items)
    rest = f"<p>… and {hidden:,} more transactions.</p>" if hidden else ""
    return f'<details open><summary>{len(positions):,} transactions</summary><ol class="path">' + (
        "".join(items) + f"</ol>{rest}</details>"
    )
