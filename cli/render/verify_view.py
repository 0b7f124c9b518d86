"""`sealane verify` for people: every variant that was executed, and where one differs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ...primitives.one_line import counted
from ...runtime.verification import Difference, Verification
from ...testing.checked_runs.replay_check import HashCheck
from .page import Page, columns
from .text import Text


def render_verification(
    file: str, transactions: int, verification: Verification, page: Page, *, quiet: bool
) -> None:
    """The whole view; with `quiet`, only the differences."""
    if not quiet:
        size = f"  {counted(transactions, 'transaction')}, compared with the serial execution"
        page.show(Text.assemble((os.path.basename(file), "bold"), (size, "dim")), "")
        _show_variants(verification, page)
    for alike in _folded(verification.differences):
        first = alike[0]
        account = "" if first.account is None else f" on {page.key(first.account)}"
        page.show(
            "",
            Text.assemble(
                (_variants_named(alike), "bold red"),
                " differ" if len(alike) > 1 else " differs",
                " first in ",
                (page.key(first.transaction), "bold"),
                (account, "magenta"),
            ),
            Text(page.message(f"  serial: {first.expected}")),
        )
        for ways, actual in _outcomes(alike):
            page.show(Text(page.message(f"  {ways}  {actual}")))
    if verification.ok and not quiet:
        ways = counted(len(verification.variants), "other way")
        page.show("", Text(f"✓ the same receipts and accounts in {ways}", "green"))


def render_list_hash(found: HashCheck, page: Page, *, quiet: bool) -> None:
    """Whether the access list is the one of the block's header; with `quiet`, only if it is not."""
    if not found.is_right:
        page.show(
            "",
            Text("✗ the access list is not the one that the block's header names", "bold red"),
            Text(page.message(f"  header:   {found.header}")),
            Text(page.message(f"  computed: {found.computed}")),
        )
    elif not quiet and found.header is not None:
        page.show(Text("✓ the access list has the hash in the block's header", "green"))
    elif not quiet:
        page.show(Text(f"access list hash {found.computed}: no header to compare with", "dim"))


def _folded(differences: Sequence[Difference]) -> list[list[Difference]]:
    """Group differences that begin at the same place: they usually have one cause."""
    folded: dict[tuple[str, str | None, str], list[Difference]] = {}
    for difference in differences:
        place = (difference.transaction, difference.account, difference.expected)
        folded.setdefault(place, []).append(difference)
    return list(folded.values())


def _outcomes(alike: Sequence[Difference]) -> list[tuple[str, str]]:
    """The differing outcomes; with the variant, if variants also differ from each other."""
    by_actual: dict[str, list[Difference]] = {}
    for difference in alike:
        by_actual.setdefault(difference.actual, []).append(difference)
    if len(by_actual) == 1:
        return [("there: ", alike[0].actual)]
    return [(f"{_variants_named(ways)}:", actual) for actual, ways in by_actual.items()]


def _variants_named(alike: Sequence[Difference]) -> str:
    return " · ".join(difference.variant for difference in alike)


def _show_variants(verification: Verification, page: Page) -> None:
    differing = {difference.variant for difference in verification.differences}
    table = columns("", "")
    for variant in verification.variants:
        same = variant not in differing
        table.add_row(variant, Text("same", "green") if same else Text("differs", "bold red"))
    page.show(table)
