"""`sealane replay` for people: how many values were checked, and which were wrong."""

from __future__ import annotations

from typing import Final

from ...primitives.one_line import counted
from ...testing.checked_runs.prepared_replay import PreparedReplay, Replayed
from ...testing.checked_runs.replay_check import ReplayCheck
from .card import show_card
from .page import Page, count
from .plan_view import show_case
from .run_view import show_result
from .text import Text
from .wave_view import show_waves

_MISMATCHES_SHOWN_MAX: Final = 20


def render_replay(
    file: str,
    replay: PreparedReplay,
    replayed: Replayed,
    load_s: float,
    page: Page,
    *,
    quiet: bool,
) -> None:
    """The whole view; with `quiet`, only what is wrong."""
    result, check = replayed.result, replayed.check
    if replay.case is not None and (check.mismatches or not quiet):
        show_case(replay.case, page)
    if not quiet:
        show_result(file, result, page, failed_style="red" if check.mismatches else "yellow")
        show_waves(result.dag.waves, result.block.ids, page)
        if replay.note is not None:
            page.show(Text(page.message(replay.note), "dim"))
    checked = f"{counted(check.checked, replay.checks)} checked"
    if check.mismatches:
        _show_mismatches(checked, check, page)
    elif not quiet:
        page.show("", Text(f"✓ {checked}, 0 mismatches", "green"))
        if result.transactions.failed.any():
            page.show(Text("transactions that failed on chain failed here, too", "dim"))
        if check.rent:
            rent, charged = sum(check.rent.values()), counted(len(check.rent), "transaction")
            page.show(Text(f"{counted(rent, 'lamport')} of rent charged in {charged}", "dim"))
    if not quiet:
        show_card(file, result, load_s, page, alarming=bool(check.mismatches))


def _show_mismatches(checked: str, check: ReplayCheck, page: Page) -> None:
    wrong = len(check.mismatches)
    page.show(
        "",
        Text(
            f"✗ {checked}, {count(wrong)} {'mismatch' if wrong == 1 else 'mismatches'}",
            "bold red",
        ),
    )
    shown = page.fitting(check.mismatches, _MISMATCHES_SHOWN_MAX)
    for mismatch in shown:
        where = (
            "after the block" if mismatch.transaction is None else page.key(mismatch.transaction)
        )
        account = "" if mismatch.account is None else "  " + page.key(mismatch.account)
        page.show(Text.assemble("  ", (where, "bold"), (account, "magenta")))
        page.show(Text("    " + page.message(mismatch.message)))
    page.show_rest(check.mismatches, shown)
