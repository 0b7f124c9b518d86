"""`sealane verify` for people: every way in which the block ran, and where one differs."""

from __future__ import annotations

import os

from ...runtime.verification import Verification
from .page import Page, columns, plural
from .text import Text


def render_verification(
    file: str, transactions: int, verification: Verification, page: Page, *, quiet: bool
) -> None:
    """The whole view; quiet, only the differences."""
    if not quiet:
        size = f"  {plural(transactions, 'transaction')}, compared with the serial execution"
        page.show(Text.assemble((os.path.basename(file), "bold"), (size, "dim")), "")
        _show_variants(verification, page)
    for difference in verification.differences:
        account = "" if difference.account is None else f" on {page.key(difference.account)}"
        page.show(
            "",
            Text.assemble(
                (f"{difference.variant} differs", "bold red"),
                " first in ",
                (page.key(difference.transaction), "bold"),
                (account, "magenta"),
            ),
        )
        page.show(Text("  " + page.message(difference.message)))
    if verification.ok and not quiet:
        ways = plural(len(verification.variants), "other way")
        page.show("", Text(f"✓ the same receipts and accounts in {ways}", "green"))


def _show_variants(verification: Verification, page: Page) -> None:
    differing = {difference.variant for difference in verification.differences}
    table = columns("", "")
    for variant in verification.variants:
        same = variant not in differing
        table.add_row(variant, Text("same", "green") if same else Text("differs", "bold red"))
    page.show(table)
