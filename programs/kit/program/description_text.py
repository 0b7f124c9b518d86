"""Descriptions as plain text, for `help()`, pydoc and IPython."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from .description import (
    AccountDescription,
    ArgumentDescription,
    InstructionDescription,
    ProgramDescription,
)

_WIDTH: Final = 88


def instruction_text(described: InstructionDescription) -> str:
    """The instruction's docstring, then accounts, arguments, errors, units and an example."""
    accounts = [(f"{place}", a.name, account_words(a)) for place, a in _placed(described)]
    arguments = [(a.name, a.type.name, argument_words(a)) for a in described.arguments]
    errors = [(error.full_name, f"{error.code}", error.message) for error in described.errors]
    parts = [
        described.doc,
        _section("Accounts", accounts),
        _section("Arguments", arguments),
        _section("Errors", errors),
        f"Compute units before it runs: {described.compute_units:,}",
        f"In a fixture:\n{textwrap.indent(described.example, '    ')}",
    ]
    return "\n\n".join(part for part in parts if part)


def program_text(described: ProgramDescription) -> str:
    """The purpose of the program, and its instructions, layouts and errors, one line each."""
    instructions = [(each.name, summary_of(each.doc)) for each in described.instructions]
    layouts = [(each.name, summary_of(each.doc)) for each in described.layouts]
    errors = [(error.name, f"{error.code}", error.message) for error in described.errors]
    parts = [
        described.about,
        f"Key: {described.key}",
        _section("Instructions", instructions),
        _section("Layouts", layouts),
        _section("Errors", errors),
    ]
    return "\n\n".join(part for part in parts if part)


def summary_of(doc: str) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(doc.partition("\n\n")[0].split())


def account_words(account: AccountDescription) -> str:
    """The declaration of an account in words: rights, kind, and whether it may be omitted."""
    unless = "" if account.signs_unless is None else f" unless there are {account.signs_unless}"
    words = [
        _right_words(account),
        f"signer{unless}" if account.signer else "",
        "" if account.kind.startswith("any account") else account.kind,
        *account.constraints,
        "all accounts that follow" if account.several else "",
        absence_words(account),
    ]
    return "; ".join(word for word in words if word) or "read-only"


def _right_words(account: AccountDescription) -> str:
    if account.adds:
        return "only added to"
    if account.credits:
        return "writable (only added to under the rule `adds`)"
    return "writable" if account.writable else ""


def absence_words(account: AccountDescription) -> str:
    """What happens if a call does not name the account; empty if it must be named."""
    if account.required or account.several:
        return ""
    if account.optional:
        return "may be left out"
    return "derived when left out" if account.default is None else f"default: {account.default}"


def argument_words(argument: ArgumentDescription) -> str:
    """How an argument is encoded, and its default."""
    default = "" if argument.default is None else f"; default: {argument.default}"
    return argument.type.encoding + default


def _placed(
    described: InstructionDescription,
) -> Iterable[tuple[int | str, AccountDescription]]:
    return ((each.position if not each.several else "…", each) for each in described.accounts)


def _section(heading: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A heading and a table whose last column is folded; empty without rows."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    lines = [heading]
    for *cells, last in rows:
        start = "  " + "".join(f"{c:<{w + 2}}" for c, w in zip(cells, widths, strict=True))
        room = max(24, _WIDTH - len(start))
        folded = textwrap.wrap(last, room, break_long_words=False) or [""]
        lines += [start + folded[0], *(" " * len(start) + line for line in folded[1:])]
    return "\n".join(line.rstrip() for line in lines)
