"""Learned costs: what they were predicted from, and how well that went."""

from __future__ import annotations

from ....analysis.learning import Fit, LearnedBlock
from ....primitives.one_line import counted
from ..page import Page, columns, count
from ..text import Text
from .costs import cost


def show_learned(learned: LearnedBlock, page: Page) -> None:
    """Show the sources of the costs, and the fit where the block has costs of its own."""
    page.heading("Learned costs", "each transaction's, by what it calls")
    total = sum(learned.sources.values())
    table = columns("predicted from", "transactions", "", right="transactions")
    table.columns[2].justify = "right"
    meanings = (
        "transactions with the very same calls",
        "the sum over its instructions",
        "the average: it calls what was not seen",
    )
    for meaning, found in zip(meanings, learned.sources.values(), strict=True):
        table.add_row(meaning, count(found), f"{found / total:.0%}" if total else "")
    page.show(table)
    if learned.fit is not None:
        _show_fit(learned.fit, page)


def _show_fit(fit: Fit, page: Page) -> None:
    page.show(
        Text.assemble(
            "half of ",
            counted(fit.transactions, "transaction"),
            " are off by no more than ",
            (f"{fit.median_error:.1%}", "bold cyan"),
            " of their own cost; rank correlation ",
            (f"{fit.rank_correlation:.2f}", "bold cyan"),
            (" (1: the costly are told from the cheap, 0: not at all)", "dim"),
        )
    )
    if not fit.makespans:
        return
    headers = ("workers", "predicted", "own costs", "off by")
    table = columns(*headers, right=" ".join(headers))
    for header in table.columns:
        header.justify, header.no_wrap = "right", True
    for each in fit.makespans:
        off = (each.predicted - each.actual) / each.actual if each.actual else 0.0
        table.add_row(
            count(each.workers),
            cost(each.predicted, page),
            cost(each.actual, page),
            f"{off:+.1%}",
        )
    page.show(Text(f"makespan by {fit.policy}", "dim"), table)
