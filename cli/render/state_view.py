"""`sealane state` for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from ...primitives.one_line import counted
from ...runtime import BlockRecord
from ...runtime.store.checking import StoreCheck
from ..reports.store_report import Compaction, StoreReport
from .page import Page, columns, count
from .text import Text

_ROWS_MAX: Final = 100
_ROOT_SHOWN_LEN: Final = 12
_USUAL_KIND: Final = "history"
_LOG_WIDTH_MIN: Final = 80
_WIDE_IN_LOG: Final = ("root", "changed", "time")


def render_state(folder: str, report: StoreReport, page: Page, *, quiet: bool) -> None:
    """The figures of the store, then what was asked for; with `quiet`, only the latter.

    If nothing was asked for, the figures themselves were.
    """
    if not (quiet and report.was_asked):
        _show_figures(folder, report, page)
    if not quiet:
        _show_done(report, page)
    if report.accounts_root is not None:
        page.show(Text.assemble(("accounts root ", "dim"), report.accounts_root))
    if report.states is not None:
        _show_states(report, page)
    if report.blocks is not None:
        _show_log(report.blocks, page)


def _show_figures(folder: str, report: StoreReport, page: Page) -> None:
    page.show(
        Text.assemble(
            (folder, "bold"),
            (f"  block {count(report.height)} · ", "dim"),
            counted(report.account_count, "account"),
        )
    )
    kind = "" if report.root_kind == _USUAL_KIND else f"  {report.root_kind}"
    page.show(Text.assemble(("state root ", "dim"), report.state_root, (kind, "dim")))


def _show_done(report: StoreReport, page: Page) -> None:
    """Show what was done, in order."""
    if report.imported is not None:
        page.show(Text(f"✓ {counted(report.imported, 'account')} imported", "green"))
    if report.compacted is not None:
        page.show(Text(f"✓ {_compaction(report.compacted)}", "green"))
    if report.check is not None:
        _show_check(report.check, report.root_kind, page)
    if report.exported is not None:
        page.show(Text(f"✓ {counted(report.exported, 'account')} exported", "green"))


def _compaction(compaction: Compaction) -> str:
    before, after = compaction
    now = f"{counted(after.files, 'file')}, {counted(after.bytes, 'byte')}"
    if before == after:
        return f"compact already: {now}"
    return f"compacted into {now}, from {counted(before.files, 'file')}, {count(before.bytes)}"


def _show_check(check: StoreCheck, root_kind: str, page: Page) -> None:
    page.show(
        Text(
            f"✓ {counted(check.accounts, 'account')} and {counted(check.blocks, 'block')} are as "
            "they were written",
            "green",
        )
    )
    read = f"{counted(check.chunks, 'chunk')} and {counted(check.entries, 'log record')} read"
    recomputed = f"{counted(check.roots, 'root')} recomputed"
    if root_kind != _USUAL_KIND:
        recomputed += f", {root_kind} of all accounts, too"
    page.show(Text(f"{read}, {recomputed}", "dim"))


def _show_states(report: StoreReport, page: Page) -> None:
    assert report.states is not None
    page.heading("Accounts")
    table = columns("account", "lamports", "owner", "data", right="lamports")
    states = list(report.states.items())
    shown = page.fitting(states, _ROWS_MAX)
    for key, state in shown:
        data = f"{counted(len(state.data), 'byte')}" if state.data else ""
        table.add_row(
            page.key(report.names.of(key)),
            count(state.lamports),
            page.key(report.names.of(state.owner)),
            data,
        )
    page.show(table)
    page.show_rest(states, shown)


def _show_log(blocks: list[BlockRecord], page: Page) -> None:
    """Show the last blocks, newest first."""
    # On a narrow terminal, the widest column is left out so that figures stay whole.
    narrow = page.is_terminal and page.width < _LOG_WIDTH_MIN
    page.heading("Blocks", "newest first" + ("; --json has more" if narrow else ""))
    headers = ["block", "root", "transactions", "failed", "changed", "ms", "time"]
    kept = [header for header in headers if not (narrow and header in _WIDE_IN_LOG)]
    table = columns(*kept, right="block transactions failed changed ms")
    newest = blocks[::-1]
    shown = page.fitting(newest, _ROWS_MAX)
    for block in shown:
        cells = _log_cells(block, page)
        table.add_row(*(cells[header] for header in kept))
    page.show(table)
    page.show_rest(newest, shown)


def _log_cells(block: BlockRecord, page: Page) -> dict[str, str]:
    root = block.root.hex()
    time = datetime.fromtimestamp(block.time, UTC).isoformat(" ", "seconds")
    return {
        "block": count(block.height),
        "root": f"{root[:_ROOT_SHOWN_LEN]}…" if page.is_terminal else root,
        "transactions": count(block.transactions),
        "failed": count(block.failed),
        "changed": count(block.changed),
        "ms": f"{block.seconds * 1000:,.1f}",
        "time": time.removesuffix("+00:00") + "Z",
    }
