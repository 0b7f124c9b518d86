"""`sealane top`: a node at a glance, as a page or as frames on a screen.

Wide terminals get two columns of framed parts, narrow ones one column without frames, and pipes
plain lines.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table

from ...node.metrics.vitals import Vitals
from ...node.metrics.watching import Look
from ...primitives.one_line import counted, shortened
from .bar import bar
from .figures import significant
from .page import Page, count, framed
from .text import Text

HISTORY_LEN: Final = 120  # frames that a spark line may show
_WIDE: Final = 76
_WIDTH_MAX: Final = 110
_FRAMED: Final = 6  # of a frame: its edges and what is left free beside them
_LABEL_WIDTH: Final = 10
_FIGURE_WIDTH: Final = 9
_BAR_MIN: Final = 6
_BAR_MAX: Final = 30
_SPARKS: Final = "▁▂▃▄▅▆▇█"
CAUSE_LEN_MAX: Final = 24
_STAGE_STYLES: Final = {
    "signatures": "magenta",
    "schedule": "blue",
    "execute": "green",
    "commit": "yellow",
}
_NONE: Final = "–"


class Part(NamedTuple):
    """Rows under a title."""

    title: str
    rows: RenderableType


class TopView:
    """Remembers what a spark line shows. `address`: of the node."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._rates: deque[float] = deque(maxlen=HISTORY_LEN)
        self._latest: Vitals | None = None

    def add(self, look: Look) -> None:
        """Take in what was seen."""
        if look.vitals is not None:
            self._latest = look.vitals
            self._rates.append(look.vitals.throughput.transactions)

    def frame(self, look: Look, width: int, *, framed: bool = True) -> RenderableType:
        """All of it, for a screen of this width. `framed`: with frames where there is room."""
        width = min(width, _WIDTH_MAX)
        head = self._head(look, width)
        if self._latest is None:
            return head
        if not framed or width < _WIDE:
            parts = self._parts(self._latest, width)
            spaced = [piece for part in parts for piece in ("", _title(part), part.rows)]
            return Group(head, *spaced)
        half = width // 2
        parts = self._parts(self._latest, half - _FRAMED)
        return Group(head, _in_columns(parts, half, width - half, dim=look.vitals is None))

    def _head(self, look: Look, width: int) -> RenderableType:
        version = "" if self._latest is None else f" {self._latest.version}"
        name = Text.assemble(("sealane", "bold"), f"{version}  ", (self._address, "cyan"))
        if look.gone is not None:
            what = f"does not answer: {look.gone.what}; tries again in {look.again_s:g} s"
            return Group(name, Text(what, "bold red"))
        vitals = look.vitals
        assert vitals is not None  # a look has one or the other
        age = vitals.block_age_s
        ago = "no block since it started" if age is None else f"{_seconds(age)} ago"
        at = Text.assemble("block ", (count(vitals.height), "bold"), (f"  {ago}", "dim"))
        if name.cell_len + at.cell_len + 2 > width:
            return Group(name, at)
        return Text.assemble(name, " " * (width - name.cell_len - at.cell_len), at)

    def _parts(self, vitals: Vitals, room: int) -> Sequence[Part]:
        return (
            Part("Throughput", self._throughput(vitals, room)),
            Part("A block, by stage", _stages(vitals, room)),
            Part("Workers", _workers(vitals, room)),
            Part("Mempool", _mempool(vitals)),
            Part("Memory", _memory(vitals)),
            Part("Store", _store(vitals)),
            Part("Clients", _clients(vitals)),
            Part("Retries", _events(vitals.retries, "none since it started")),
        )

    def _throughput(self, vitals: Vitals, room: int) -> RenderableType:
        through = vitals.throughput
        rate = Text.assemble((f"{_figure(through.transactions)} tx/s", "bold green"))
        blocks = f"{_figure(through.blocks)} blocks/s"
        if vitals.block_transactions is not None:
            blocks += f" of {_figure(vitals.block_transactions)} tx"
        failed = Text.assemble(
            _alarming(f"{_figure(through.failed)} failed/s", through.failed),
            (" · ", "dim"),
            _alarming(f"{_figure(through.refused)} refused/s", through.refused),
        )
        lines: list[RenderableType] = [rate, Text(blocks), failed]
        if len(self._rates) > 1:
            lines.insert(1, Text(spark(self._rates, room), "green"))
        return Group(*lines)


def spark(values: Sequence[float], room: int) -> str:
    """The last values as a line of at most `room` cells, the largest as a full one.

    >>> spark([0, 1, 4, 8], room=3)
    '▂▅█'
    """
    shown = list(values)[-room:]
    most = max(shown, default=0.0)
    if most <= 0:
        return _SPARKS[0] * len(shown)
    steps = len(_SPARKS) - 1
    return "".join(_SPARKS[round(value / most * steps)] for value in shown)


def _stages(vitals: Vitals, room: int) -> RenderableType:
    table = _grid(bars=True)
    longest = max((seconds or 0.0 for seconds in vitals.stages.values()), default=0.0)
    cells = max(_BAR_MIN, min(_BAR_MAX, room - _LABEL_WIDTH - _FIGURE_WIDTH - 4))
    for stage, seconds in vitals.stages.items():
        drawn = Text(bar(seconds or 0.0, longest, cells), _STAGE_STYLES[stage])
        table.add_row(stage, Text(_milliseconds(seconds), justify="right"), drawn)
    for name, seconds in (("prepare", vitals.prepare_s), ("process", vitals.process_s)):
        table.add_row(Text(name, "dim"), Text(_milliseconds(seconds), "dim", justify="right"), "")
    return table


def _workers(vitals: Vitals, room: int) -> RenderableType:
    parallel = vitals.parallel
    table = _grid(bars=True)
    busy = parallel.busy
    cells = max(_BAR_MIN, min(_BAR_MAX, room - _LABEL_WIDTH - _FIGURE_WIDTH - 4))
    drawn = Text(bar(min(busy or 0.0, 1.0), 1.0, cells), "cyan")
    share = _NONE if busy is None else f"{busy:.0%}"
    # The figure is of the last block: before the first one it says nothing of the node's pool.
    begun = vitals.block_age_s is not None
    who = "the node executed" if begun and not parallel.workers else ""
    workers = count(parallel.workers) if begun else _NONE
    table.add_row("workers", Text(workers, justify="right"), Text(who, "dim"))
    idle = busy is None and parallel.workers
    table.add_row("busy", Text(share, justify="right"), Text("idle", "dim") if idle else drawn)
    ratio = _NONE if parallel.parallelism is None else f"{_figure(parallel.parallelism)} ×"
    table.add_row("parallel", Text(ratio, justify="right"), Text("at most", "dim"))
    waves = _NONE if parallel.waves is None else _figure(parallel.waves)
    table.add_row("waves", Text(waves, justify="right"), Text("a block", "dim"))
    return table


def _mempool(vitals: Vitals) -> RenderableType:
    queue = vitals.queue
    table = _grid()
    table.add_row("waiting", f"{count(queue.transactions)} tx", Text(size(queue.size), "dim"))
    refused = _alarming(f"{_figure(queue.refused)} refused/s", queue.refused)
    table.add_row("checks", f"{_figure(queue.checks)}/s", refused)
    if queue.latency is not None:
        p50, p99 = (f"≤ {_milliseconds(each)}" for each in queue.latency)
        table.add_row("p50", p50, Text(f"p99 {p99}", "dim"))
    return table


def _memory(vitals: Vitals) -> RenderableType:
    memory = vitals.memory
    table = _grid()
    table.add_row("node", size(memory.node), Text(f"{size(memory.shared)} shared", "dim"))
    table.add_row("workers", size(memory.workers), "")
    table.add_row("open files", count(memory.open_files), "")
    return table


def _store(vitals: Vitals) -> RenderableType:
    store = vitals.store
    if store is None:
        return Text("none: state is in memory", "dim")
    table = _grid()
    table.add_row("size", size(store.size), Text(counted(store.files, "file"), "dim"))
    table.add_row("log", size(store.log_size), "")
    table.add_row("runs", count(store.runs), "")
    return table


def _clients(vitals: Vitals) -> RenderableType:
    connected = Text(f"{count(vitals.connections)} connected")
    return Group(connected, _events(vitals.refused, "no message refused"))


def _events(counts: dict[str, int], nothing: str) -> RenderableType:
    if not counts:
        return Text(nothing, "dim")
    table = _grid()
    for cause, number in counts.items():
        table.add_row(shortened(cause, CAUSE_LEN_MAX), Text(f"{count(number)} ×", "yellow"))
    return table


def _in_columns(parts: Sequence[Part], left: int, right: int, *, dim: bool) -> RenderableType:
    """Parts in pairs, each pair as high as the higher one; dim if they are of an earlier look."""
    table = Table.grid()
    for width in (left, right):
        table.add_column(width=width)
    for first, second in zip(parts[::2], parts[1::2], strict=True):
        height = max(_height(first), _height(second))
        table.add_row(*(framed(part.title, part.rows, height=height) for part in (first, second)))
    table.style = "dim" if dim else ""
    return table


def _height(part: Part) -> int:
    rows = part.rows
    if isinstance(rows, Table):
        return rows.row_count
    if isinstance(rows, Group):
        return sum(_height(Part("", each)) for each in rows.renderables)
    return 1


def _title(part: Part) -> Text:
    return Text(part.title, "bold")


def _grid(*, bars: bool = False) -> Table:
    """Label, figure, and what is beside it. `bars`: such that bars of all parts begin alike."""
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True, min_width=_LABEL_WIDTH if bars else None)
    table.add_column(no_wrap=True, min_width=_FIGURE_WIDTH if bars else None)
    table.add_column(no_wrap=True)
    return table


def _alarming(text: str, figure: float) -> Text:
    return Text(text, "bold red" if figure else "dim")


def _figure(value: float) -> str:
    """Three significant digits; 0 has one."""
    return significant(value) if value else "0"


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return _NONE
    return f"{_figure(seconds * 1000)} ms"


def _seconds(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size(length: int) -> str:
    """Bytes in decimal units: 12.3 MB."""
    value, unit = float(length), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{length} B" if unit == "B" else f"{_figure(value)} {unit}"


def render_top(view: TopView, look: Look, page: Page) -> None:
    """One frame, on a page."""
    page.show(view.frame(look, page.width, framed=page.is_terminal))
