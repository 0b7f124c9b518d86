"""`sealane lint` for people: what is undeclared, what can be taken away, and what that saves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from os.path import basename
from typing import Final

from ...analysis.lint import Finding, Kind, Lint, Mend, Saved
from ...primitives.one_line import counted
from ...scheduler.schedule.about import About
from .page import Page, columns, count, entries
from .text import Text

_SHOWN_MAX: Final = 12  # of each list, on a terminal
_SECTIONS: Final = {
    (Kind.UNNEEDED_WRITE, Mend.DECLARATION): (
        "Unneeded writes",
        "declared writable, never written: declare them read-only",
    ),
    (Kind.UNNEEDED_WRITE, Mend.PROGRAM): (
        "Unneeded writes by signature",
        "the instruction says Mut[…] and writes nothing: mend it in the program",
    ),
    (Kind.UNNEEDED_WRITE, Mend.UNKNOWN): (
        "Unneeded writes, if the programs agree",
        "nothing can have written them; whether a program insists on it is not recorded",
    ),
    (Kind.UNNEEDED_ACCOUNT, Mend.DECLARATION): (
        "Unneeded accounts",
        "nothing looks at them: leave them out",
    ),
    (Kind.UNNEEDED_ACCOUNT, Mend.PROGRAM): (
        "Unneeded accounts by signature",
        "only their keys matter: the program could take those as arguments",
    ),
}


def render_lint(file: str, result: Lint, about: About, page: Page) -> None:
    """The whole view."""
    _show_summary(file, result, page)
    show_undeclared(result, about, page)
    _show_accounts(result, about, page)
    for section in _SECTIONS:
        _show_unneeded(section, result, about, page)
    _show_operations(result, page)
    _show_legend(result, page)
    _show_unknown(result, page)


def _show_summary(file: str, result: Lint, page: Page) -> None:
    writes = counted(result.writes, "write") + " declared, payers' apart"
    parts = (counted(result.transactions, "transaction"), writes)
    page.show(Text.assemble((basename(file), "bold"), ("  " + " · ".join(parts), "dim")))
    for note in result.notes:
        page.show(Text(note, "yellow"))
    if not result.findings:
        page.show(Text("✓ nothing is undeclared, and nothing found unneeded", "green"))
        return
    undeclared, unneeded = len(result.undeclared), len(result.unneeded)
    page.show(
        Text.assemble(
            (f"{count(undeclared)} undeclared", "bold red" if undeclared else "green"),
            ", ",
            (f"{count(unneeded)} unneeded", "bold cyan" if unneeded else "green"),
        )
    )
    page.show(
        Text.assemble(
            "all mended: ",
            _change("waves", result.before.waves, result.after.waves),
            ", ",
            _change("critical path", result.before.critical_path, result.after.critical_path),
            (" (the difference of two plans, as every figure here)", "dim"),
        )
    )


def _change(of: str, before: int, after: int) -> tuple[str, str]:
    if before == after:
        return f"{of} {count(after)} as before", "none"
    return f"{of} {count(before)} → {count(after)}", "bold"


def show_undeclared(result: Lint, about: About, page: Page) -> None:
    """Show what is touched and not declared, and what declaring it costs."""
    if not result.undeclared:
        return
    page.heading("Undeclared", "the transaction fails for it; a lock more can only cost")
    shown = page.fitting(result.undeclared, _SHOWN_MAX)
    for finding in shown:
        needs = "write" if finding.kind is Kind.UNDECLARED_WRITE else "read"
        line = Text.assemble((page.key(finding.transaction), "bold"), " must ", (needs, "red"), " ")
        if finding.account is None:
            line.append("an account", "magenta")
        else:
            line.append(page.account(finding.account, about, style="magenta"))
        line.append(_cost(finding), "dim")
        page.show(line, entries(("", Text(page.message(finding.reason), "dim"))))
    page.show_rest(result.undeclared, shown)


def _cost(finding: Finding) -> str:
    """What declaring it costs, in words."""
    saved = finding.saved
    where = ", by its instruction's signature" if finding.mend is Mend.PROGRAM else ""
    if saved is None:
        return where
    if not any(saved):
        return f"{where}, at no cost"
    waves, path = counted(-saved.waves, "wave"), count(-saved.critical_path)
    return f"{where}: costs {waves}, and {path} on the critical path"


def _show_accounts(result: Lint, about: About, page: Page) -> None:
    """Show the accounts that are locked without need, by what nobody locking them would save."""
    accounts = [each for each in result.accounts if any(each.saved)]
    if not accounts:
        return
    page.heading("Take away first", "what is saved if none of these transactions locks it so")
    table = columns("account", "in", "waves", "path", right="in waves path")
    shown = page.fitting(accounts, _SHOWN_MAX)
    for each in shown:
        name = page.account(each.account, about)
        table.add_row(name, count(each.transactions), *_price(each.saved))
    page.show(table)
    page.show_rest(accounts, shown)


def _show_unneeded(section: tuple[Kind, Mend], result: Lint, about: About, page: Page) -> None:
    findings = [each for each in result.unneeded if (each.kind, each.mend) == section]
    if not findings:
        return
    page.heading(*_SECTIONS[section])
    table = columns("transaction", "account", "waves", "path", right="waves path")
    shown = page.fitting(findings, _SHOWN_MAX)
    for each in shown:
        price = _price(each.saved or Saved())
        account = page.account(each.account or "", about)
        table.add_row(page.key(each.transaction), account, *price)
    page.show(table)
    page.show_rest(findings, shown)


def _show_operations(result: Lint, page: Page) -> None:
    """Show operations of Sei that order nothing, with why."""
    findings = [each for each in result.unneeded if each.kind is Kind.UNNEEDED_OPERATION]
    if not findings:
        return
    page.heading(
        "Unneeded operations", "other operations order as much: leave these out of the mapping"
    )
    shown = page.fitting(findings, _SHOWN_MAX)
    rows = [(page.key(each.transaction), page.message(each.reason)) for each in shown]
    page.show(entries(*rows))
    page.show_rest(findings, shown)


def _show_legend(result: Lint, page: Page) -> None:
    """Say what the columns of prices mean."""
    if all(each.kind is Kind.UNNEEDED_OPERATION for each in result.unneeded):
        return
    meaning = (
        "waves and path: by how much the number of waves and the cost of the critical path change "
        "if this alone is mended; ·: not at all, the longest chain stays as long"
    )
    page.show("", Text(meaning, "dim"))


def _price(saved: Saved) -> tuple[str, str]:
    return _signed(-saved.waves), _signed(-saved.critical_path)


def _signed(change: int) -> str:
    """−1,234, +5; 0 as a dot, so that what saves something stands out."""
    if not change:
        return "·"
    return f"{'−' if change < 0 else '+'}{abs(change):,}"


def _show_unknown(result: Lint, page: Page) -> None:
    """Show how much cannot be told, and why."""
    if not result.unknown:
        return
    untold, writes = result.writes_unknown, counted(result.writes, "write")
    page.heading("Not known", f"whether {count(untold)} of {writes} are needed" if untold else "")
    rows: list[tuple[str, str]] = []
    ordered = sorted(result.unknown, key=lambda each: each.reason)
    for reason, group in groupby(ordered, key=lambda each: each.reason):
        rows.append((_transactions([each.transaction for each in group], page), reason))
    shown = page.fitting(rows, _SHOWN_MAX)
    page.show(entries(*shown))
    page.show_rest(rows, shown)


def _transactions(ids: Sequence[str], page: Page) -> str:
    return page.key(ids[0]) if len(ids) == 1 else counted(len(ids), "transaction")
