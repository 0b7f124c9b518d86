"""The card that ends `sealane run`: what the block was, what it could gain, and what it reached."""

from __future__ import annotations

import os
from typing import Final

from ...primitives.one_line import counted
from ...runtime import Result, Route
from .page import Page, count, entries
from .text import Text

_REMARKS_WIDTH_MIN: Final = 70  # a narrower terminal has room for figures alone


def show_card(
    file: str,
    result: Result,
    load_s: float,
    page: Page,
    *,
    alarming: bool,
    verified: int | None = None,
) -> None:
    """Show the card, in a frame on a terminal. The block must not be a skipped one.

    `alarming`: nobody expected what failed. `verified`: how many signatures, if any were.
    """
    rows = [*_block(result, alarming=alarming), *_speed(result), ("route", _route(result), "")]
    if verified is not None:
        rows.insert(1, ("signatures", f"{count(verified)} verified", ""))
    narrow = page.is_terminal and page.width < _REMARKS_WIDTH_MIN
    figures: list[tuple[Text, Text]] = []
    for label, figure, remark in rows:
        text = figure if isinstance(figure, Text) else Text(figure)
        if remark and not narrow:
            text.append(f"  {remark}", "dim")
        figures.append((Text(label, "dim"), text))
    page.show("")
    page.show_framed(
        os.path.basename(file),
        entries(*figures),
        Text(_times(result, load_s), "dim"),
        Text.assemble(("state root ", "dim"), result.state_root),
    )


Row = tuple[str, str | Text, str]


def _block(result: Result, *, alarming: bool) -> list[Row]:
    """What the block is, whatever executes it."""
    failed = int(result.transactions.failed.sum())
    path = result.critical_path
    total = sum(result.block.costs.tolist())
    return [
        ("transactions", Text(count(len(result.transactions)), "bold"), ""),
        ("failed", Text(count(failed), "bold red" if failed and alarming else ""), ""),
        (
            "conflicts",
            count(result.dag.edge_count),
            "pairs of which one waits directly for the other",
        ),
        ("waves", count(len(result.dag.waves)), "no two transactions of one conflict"),
        (
            "critical path",
            counted(len(path.transactions), "transaction"),
            f"the costliest chain, cost {count(path.cost)} of {count(total)}",
        ),
    ]


def _speed(result: Result) -> list[Row]:
    """What workers can win, and what they did."""
    speed_up = result.speed_up
    took_s = result.timing.schedule_s + result.timing.execute_s + result.timing.commit_s
    rate = len(result.transactions) / took_s if took_s else 0.0
    reached: Row = ("speed-up", Text("not measured", "dim"), _unmeasured(result))
    if speed_up is not None:
        remark = "processor time of all lanes / time of execution"
        reached = ("speed-up", Text(_factor(speed_up), "bold"), remark)
    return [
        (
            "ceiling",
            Text(_factor(result.parallelism), "bold"),
            "no workers beat it: total cost / cost of that path",
        ),
        reached,
        ("throughput", f"{count(round(rate))} tx/s", "scheduled, executed and committed"),
    ]


def _unmeasured(result: Result) -> str:
    """Why nothing tells how much faster several workers were."""
    if result.route is Route.ONE_WORKER:
        return "one worker executed the whole block"
    return "this process executed the whole block"


def _times(result: Result, load_s: float) -> str:
    """How long each stage took."""
    timing = result.timing
    stages = (
        ("load", load_s),
        ("schedule", timing.schedule_s),
        ("execute", timing.execute_s),
        ("commit", timing.commit_s),
    )
    return " · ".join(f"{name} {_duration(seconds)}" for name, seconds in stages)


def _route(result: Result) -> str:
    """The route that the block took, by its name, and why or by how many workers."""
    match result.route:
        case Route.SERIAL:
            return "serial: one by one"
        case Route.IN_PROCESS:
            return "in-process: workers would not pay"
        case Route.ONE_WORKER:
            return "one-worker: lanes would not pay"
        case _:
            return f"lanes: {counted(result.workers, 'worker')}"


def _factor(factor: float) -> str:
    return f"{factor:,.2f} ×"


def _duration(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{seconds * 1000:,.1f} ms"
