"""`sealane run` for people: results, waves, failures and unmet expectations."""

from __future__ import annotations

import os
from typing import Final

from ...primitives.one_line import counted
from ...runtime import Result
from ...testing.checked_runs.fixture_run import FixtureRun
from .card import show_card
from .page import Page, columns, count
from .text import Text
from .wave_view import show_waves

_ROWS_MAX: Final = 100  # with more transactions, only totals and the failed ones are shown
_FAILURES_SHOWN_MAX: Final = 10
_EXPECTATIONS_SHOWN_MAX: Final = 50
_ERRORS_WIDTH_MIN: Final = 70


def render_run(
    file: str,
    run: FixtureRun,
    load_s: float,
    page: Page,
    *,
    quiet: bool,
    verified: int | None = None,
) -> None:
    """The whole view; with `quiet`, only what differs from the expectations.

    `verified`: how many signatures count, None where they were not verified.
    """
    if run.result.skipped:
        if not quiet:
            _show_skipped(file, run.result, page)
        return
    failed_style = "yellow" if run.check.passed > 0 and not run.check.failed else "red"
    if not quiet:
        show_result(file, run.result, page, failed_style=failed_style)
        small = len(run.result.transactions) <= _ROWS_MAX
        if small and len(run.result.transactions):
            _show_receipts(run, page)
        show_waves(run.result.dag.waves, run.result.block.ids, page)
        _show_failures(run, page)
    _show_expectations(run, page, quiet=quiet)
    if not quiet:
        alarming = failed_style == "red"
        show_card(file, run.result, load_s, page, alarming=alarming, verified=verified)


def _show_skipped(file: str, result: Result, page: Page) -> None:
    """Show that nothing was run, and why."""
    height = count(result.skipped_for or 0)
    page.show(
        Text.assemble(
            (os.path.basename(file), "bold"),
            (f"  skipped: the store ran it as block {height}", "yellow"),
            ("; --again runs it once more", "dim"),
        )
    )
    page.show("", Text.assemble(("state root ", "dim"), result.state_root))


def show_result(file: str, result: Result, page: Page, *, failed_style: str) -> None:
    """Show the file, how many transactions succeeded, and why the block was begun again."""
    total = len(result.transactions)
    failed = int(result.transactions.failed.sum())
    page.show(
        Text.assemble(
            (os.path.basename(file), "bold"),
            (f"  {counted(total, 'transaction')} · ", "dim"),
            (f"{count(total - failed)} ok", "green"),
            (" · ", "dim"),
            (f"{count(failed)} failed", failed_style if failed else "dim"),
            (f" · {counted(len(result.dag.waves), 'wave')}", "dim"),
        )
    )
    for each in result.tries[1:]:
        page.show(Text(page.message(f"begun again in {each.route}: {each.detail}"), "yellow"))


def _show_receipts(run: FixtureRun, page: Page) -> None:
    """Show one row per transaction, in file order."""
    page.heading("Results")
    # On a narrow terminal, errors are shown only below, with their messages.
    narrow = page.width < _ERRORS_WIDTH_MIN
    headers = ["id", "wave", "status", "units", "fee", *([] if narrow else ["error"])]
    table = columns(*headers, right="wave units fee")
    for position, receipt in enumerate(run.result.transactions):
        table.add_row(
            page.key(receipt.id),
            count(receipt.wave),
            _status(run, position),
            count(receipt.compute_units),
            count(receipt.fee),
            *([] if narrow else [_error(run, position)]),
        )
    page.show(table)


def _status(run: FixtureRun, position: int) -> Text:
    if run.result.transactions[position].ok:
        return Text("ok", "green")
    return Text("failed", _failure_style(run, position))


def _error(run: FixtureRun, position: int) -> Text:
    error = run.result.transactions[position].error
    return Text("" if error is None else error.full_name, _failure_style(run, position))


def _failure_style(run: FixtureRun, position: int) -> str:
    """The style of a failure: not an alarm if the file expects it."""
    specs = run.built.fixture.transactions
    stated = position < len(specs) and specs[position].expect is not None
    return "yellow" if stated and not run.check.failed else "red"


def _show_failures(run: FixtureRun, page: Page) -> None:
    """Show what failed and why, with the full message."""
    receipts = run.result.transactions
    positions: list[int] = receipts.failed.nonzero()[0].tolist()
    if not positions:
        return
    page.heading("Failed")
    small = len(receipts) <= _ROWS_MAX
    shown = positions if small else page.fitting(positions, _FAILURES_SHOWN_MAX)
    for position in shown:
        _show_failure(run, position, page)
    page.show_rest(positions, shown)


def _show_failure(run: FixtureRun, position: int, page: Page) -> None:
    receipt = run.result.transactions[position]
    error = receipt.error
    assert error is not None  # called for failed ones only
    place = "" if error.instruction is None else f" in instruction {error.instruction}"
    style = _failure_style(run, position)
    page.show(
        Text.assemble(
            (page.key(receipt.id), "bold"),
            "  ",
            (error.full_name, style),
            (place, "dim"),
            (", as expected" if style == "yellow" else "", "dim"),
        )
    )
    page.show(Text("  " + page.message(run.built.names.in_text(error.message))))


def _show_expectations(run: FixtureRun, page: Page, *, quiet: bool) -> None:
    check = run.check
    if not check.failed:
        if check.passed and not quiet:
            page.show("", Text(f"✓ {counted(check.passed, 'expectation')} met", "green"))
        return
    total = check.passed + len(check.failed)
    page.show(
        "",
        Text(
            f"✗ {count(len(check.failed))} of {counted(total, 'expectation')} not met", "bold red"
        ),
    )
    shown = page.fitting(check.failed, _EXPECTATIONS_SHOWN_MAX)
    for message in shown:
        page.show(Text("  " + page.message(message)))
    page.show_rest(check.failed, shown)
