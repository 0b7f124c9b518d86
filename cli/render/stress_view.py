"""`sealane stress` for people."""

from __future__ import annotations

from typing import Final

from ...node.stress.latencies import Summary
from ...node.stress.report import StressReport
from ...primitives.one_line import counted
from .figures import significant
from .page import Page, columns, count
from .text import Text

_NAMES: Final = {"check-to-commit": "check → commit"}
_NARROW: Final = 60


def render_stress(report: StressReport, page: Page, *, quiet: bool) -> None:
    """Throughput, latencies and what went wrong; with `quiet`, only the last."""
    if not quiet:
        _show_throughput(report, page)
        _show_latencies(report, page)
    _show_errors(report, page)


def _show_throughput(report: StressReport, page: Page) -> None:
    nodes = counted(len(report.addresses), "node")
    page.show(
        Text.assemble(
            (f"{significant(report.per_second)} tx/s", "bold"),
            f"  {counted(report.committed, 'transaction')} in {counted(report.blocks, 'block')}, ",
            f"{significant(report.seconds)} s, {nodes}",
        )
    )
    page.show(
        Text.assemble(
            (f"block {count(report.height)}  root ", "dim"), page.key(report.root), style="dim"
        )
    )
    if report.waiting:
        page.show(Text(f"{counted(report.waiting, 'transaction')} left waiting", "dim"))
    if report.held_back:
        what = f"{counted(report.held_back, 'transaction')} held back: a mempool had no room"
        page.show(Text(what, "yellow"))


def _show_latencies(report: StressReport, page: Page) -> None:
    narrow = page.is_terminal and page.width < _NARROW
    page.heading("Latency", "ms")
    headers = ["", "p50", "p99", "max"] if narrow else ["", "count", "p50", "p90", "p99", "max"]
    table = columns(*headers, right="count p50 p90 p99 max")
    for stage, latencies in report.latencies.items():
        cells = _cells(latencies.summary())
        table.add_row(_NAMES.get(stage, stage), *(cells[header] for header in headers[1:]))
    page.show(table)


def _cells(summary: Summary) -> dict[str, str]:
    times = {
        "p50": summary.p50,
        "p90": summary.p90,
        "p99": summary.p99,
        "max": summary.max,
    }
    shown = {name: significant(seconds * 1000) for name, seconds in times.items()}
    return {"count": count(summary.number)} | shown


def _show_errors(report: StressReport, page: Page) -> None:
    if report.errors:
        page.heading("Refused or failed")
        table = columns("", "count", right="count")
        for kind, number in report.errors.most_common():
            table.add_row(Text(kind, "red"), count(number))
        page.show(table)
    for each in report.disagreements:
        page.heading(f"Nodes disagree on block {count(each.height)}")
        for address, answer in each.answers.items():
            page.show(Text.assemble((page.key(answer), "red"), f"  {address}"))
