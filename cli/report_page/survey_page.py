"""A survey as a page of plots: how parallel the blocks are, and what a row of each says.

Guarantees: no address is named, and nothing is loaded; texts of files are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from os.path import basename
from statistics import median
from typing import Final, NamedTuple

from ...analysis.survey import SPEED_UP_WORKERS, Figures, Row
from ...primitives.one_line import counted
from ...primitives.version import find_version
from .charts import Chart, Columns, bundle_chart, inlined, points_chart
from .document import Card, Section, document_html, header_html, section_html

_TITLE: Final = "Survey"


class _Block(NamedTuple):
    """A block that was read, and what it is called here."""

    name: str
    figures: Figures

    @property
    def text(self) -> str:
        """What is shown of it under the pointer."""
        found = self.figures
        return (
            f"{self.name}: {counted(found.transactions, 'transaction')}, "
            f"{counted(found.waves, 'wave')}, parallelism {found.parallelism_by_cost:,.2f} by cost"
            f" and {found.parallelism_by_count:,.2f} by count"
        )


def plots_html(rows: Sequence[Row]) -> str:
    """The page."""
    blocks = [
        _Block(basename(row.file) or row.file, row.figures)
        for row in rows
        if row.figures is not None
    ]
    drawn = inlined(_charts(blocks) if blocks else [])
    sections = _sections(rows, blocks, drawn.divs)
    failed = [f"{row.file}: {row.error}" for row in rows if row.error is not None]
    body = f"""{header_html(_TITLE, failed, _cards(blocks), sections)}
<main>
{"".join(map(section_html, sections))}
</main>
<footer>Made by sealane {escape(find_version())}.</footer>"""
    return document_html(_TITLE, "survey", body, drawn, ["plots.js"], {})


def _cards(blocks: Sequence[_Block]) -> list[Card]:
    found = [block.figures for block in blocks]
    cards = [
        Card(f"{len(found):,}", "blocks"),
        Card(f"{sum(each.transactions for each in found):,}", "transactions"),
    ]
    if not found:
        return cards
    by_cost = [each.parallelism_by_cost for each in found]
    share = median(each.critical_path_share for each in found)
    return [
        *cards,
        Card(f"{median(by_cost):,.2f} ×", "median parallelism by cost"),
        Card(f"{min(by_cost):,.2f} to {max(by_cost):,.2f} ×", "least and greatest"),
        Card(f"{share:.1%}", "of the cost on the critical path, in the median"),
    ]


def _charts(blocks: Sequence[_Block]) -> list[Chart]:
    workers = (1, *SPEED_UP_WORKERS)
    speed_ups = [
        [1.0, *(block.figures.speed_up[count] for count in SPEED_UP_WORKERS)] for block in blocks
    ]
    curves = [(block.text, values) for block, values in zip(blocks, speed_ups, strict=True)]
    return [
        points_chart(
            "parallelism",
            {
                "by cost": _ranked(blocks, lambda found: found.parallelism_by_cost),
                "by count": _ranked(blocks, lambda found: found.parallelism_by_count),
            },
            "% of blocks that are no more parallel",
            "parallelism",
            y_log=True,
        ),
        points_chart("waves", {"blocks": _waves(blocks)}, "transactions", "waves"),
        points_chart(
            "path",
            {"blocks": _ranked(blocks, lambda found: 100 * found.critical_path_share)},
            "% of blocks with no larger share",
            "% of the cost on the critical path",
        ),
        bundle_chart(
            "speed-ups",
            workers,
            curves,
            [median(column) for column in zip(*speed_ups, strict=True)],
            "workers",
            "speed-up",
        ),
    ]


def _ranked(blocks: Sequence[_Block], figure: Callable[[Figures], float]) -> Columns:
    """Each block's figure over the share of blocks, in percent, whose figure is no larger."""
    ordered = sorted(blocks, key=lambda block: figure(block.figures))
    return {
        "x": [100 * place / len(ordered) for place in range(1, len(ordered) + 1)],
        "y": [figure(block.figures) for block in ordered],
        "text": [block.text for block in ordered],
    }


def _waves(blocks: Sequence[_Block]) -> Columns:
    return {
        "x": [block.figures.transactions for block in blocks],
        "y": [block.figures.waves for block in blocks],
        "text": [block.text for block in blocks],
    }


def _sections(
    rows: Sequence[Row], blocks: Sequence[_Block], divs: Mapping[str, str]
) -> list[Section]:
    explained = (
        (
            "parallelism",
            "How parallel the blocks are",
            "By cost: total cost / cost of the critical path, which no number of workers exceeds. "
            "By count: transactions / waves, as if each cost the same. Where the two lie far "
            "apart, few costly transactions that wait for each other hold the block back.",
        ),
        (
            "waves",
            "Waves and transactions",
            "A wave is a step in which nothing conflicts. Low points are wide blocks; a point on "
            "the diagonal would be a block in which every transaction waits for another.",
        ),
        (
            "path",
            "Critical path",
            "The share of a block's cost that must run in turn, on any number of workers.",
        ),
        (
            "speed-ups",
            "Speed-up by workers",
            "Predicted for lanes, which is how the runtime executes: a curve for each block.",
        ),
    )
    found = [
        Section(name, title, why, f'<div class="chart">{divs[name]}</div>')
        for name, title, why in explained
        if name in divs
    ]
    if blocks:
        why = "The hottest accounts are locked by the same transactions, and hold the block back."
        found.append(Section("blocks", "The blocks", why, _table(rows)))
    return found


def _table(rows: Sequence[Row]) -> str:
    names = ("transactions", "waves", "critical path", "by count", "by cost", "on 4", "on 64")
    head = "".join(f'<th class="number">{name}</th>' for name in names)
    lines = "".join(_line(row, row.figures) for row in rows if row.figures is not None)
    return (
        f'<div class="scroll"><table><thead><tr><th>file</th>{head}<th>hottest</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(row: Row, found: Figures) -> str:
    figures = (
        f"{found.transactions:,}",
        f"{found.waves:,}",
        f"{found.critical_path_share:.1%}",
        f"{found.parallelism_by_count:,.2f}",
        f"{found.parallelism_by_cost:,.2f}",
        f"{found.speed_up[4]:,.2f}",
        f"{found.speed_up[64]:,.2f}",
    )
    cells = "".join(f'<td class="number">{figure}</td>' for figure in figures)
    return f"<tr><td>{escape(row.name)}</td>{cells}<td>{_hottest(found)}</td></tr>"


def _hottest(block: Figures) -> str:
    group = block.hottest_group
    if group is None:
        return '<span class="dim">none</span>'
    first = escape(group.label or group.accounts[0])
    more = f" and {len(group.accounts) - 1:,} more" if len(group.accounts) > 1 else ""
    found = f'<span class="key">{first}</span><span class="dim">{more}</span>'
    if group.program is None:
        return found
    return f'{found}<span class="dim"> of <span class="key">{escape(group.program)}</span></span>'
