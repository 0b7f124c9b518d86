"""The signatures of a block for people: how many count, which are wrong, and what was not shown."""

from __future__ import annotations

from typing import Final

from ...primitives.one_line import counted
from ...signatures.block_signatures import SignatureReport
from .page import Page, count
from .text import Text

WRONG_SHOWN_MAX: Final = 20
REASONS_SHOWN_MAX: Final = 5


def render_signatures(found: SignatureReport, page: Page, *, quiet: bool, strict: bool) -> None:
    """The lines below a block; with `quiet`, only what is wrong. `strict`: whether what cannot be
    checked is, too."""
    if found.wrong:
        _show_wrong(found, page)
    elif found.verified and not quiet:
        page.show("", Text(f"✓ {counted(found.verified, 'signature')} verified", "green"))
    if strict or not quiet:
        _show_unchecked(found, page, strict=strict)


def _show_wrong(found: SignatureReport, page: Page) -> None:
    total = found.verified + len(found.wrong)
    verb = "is" if len(found.wrong) == 1 else "are"
    page.show(
        "",
        Text(
            f"✗ {count(len(found.wrong))} of {counted(total, 'signature')} {verb} wrong", "bold red"
        ),
    )
    shown = page.fitting(found.wrong, WRONG_SHOWN_MAX)
    for transaction, signer in shown:
        named = (page.key(transaction), "bold"), "  signer ", (page.key(signer), "magenta")
        page.show(Text.assemble("  ", *named))
    page.show_rest(found.wrong, shown)


def _show_unchecked(found: SignatureReport, page: Page, *, strict: bool) -> None:
    by_reason: dict[str, list[str]] = {}
    for transaction, reason in found.unchecked:
        by_reason.setdefault(reason, []).append(transaction)
    if not by_reason:
        return
    unchecked = counted(len(found.unchecked), "transaction")
    page.show(
        "",
        Text(
            f"{'✗ ' if strict else ''}the signatures of {unchecked} could not be checked",
            "bold red" if strict else "yellow",
        ),
    )
    reasons = list(by_reason.items())
    shown = page.fitting(reasons, REASONS_SHOWN_MAX)
    for reason, transactions in shown:
        rest = f" and {counted(len(transactions) - 1, 'other')}" if len(transactions) > 1 else ""
        page.show(Text.assemble("  ", (page.key(transactions[0]), "bold"), rest))
        page.show(Text("    " + page.message(reason)))
    page.show_rest(reasons, shown)
