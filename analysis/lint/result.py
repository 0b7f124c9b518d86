"""The result of linting a block: findings, accounts by what they cost, and the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted, in_one_line
from .finding import Finding, Saved, Unknown
from .pricing import Length


class LintedAccount(NamedTuple):
    """An account that transactions lock without need, and what it saves if none of them does."""

    account: str
    transactions: int
    saved: Saved

    def to_dict(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "transactions": self.transactions,
            **self.saved.to_dict(),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Lint:
    """What is declared wrongly in a block, and what mending it saves.

    `findings`: what is undeclared in block order, then what is unneeded, first what saves most.
    `accounts`: the unneeded ones by account, first what saves most. `transactions`: how many were
    looked at. `before` and `after`: how long
    the plan is, and would be if all findings were mended. `writes`: locks for writing, payers'
    apart; of those in `unknown` it cannot be told whether they are needed. `notes`: what a reader
    of the figures must know.
    """

    findings: tuple[Finding, ...]
    accounts: tuple[LintedAccount, ...]
    transactions: int
    before: Length
    after: Length
    writes: int
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...]

    @property
    def undeclared(self) -> tuple[Finding, ...]:
        """The findings of what is touched and not declared."""
        return tuple(each for each in self.findings if each.kind.is_undeclared)

    @property
    def unneeded(self) -> tuple[Finding, ...]:
        """The findings of what is declared and not touched."""
        return tuple(each for each in self.findings if not each.kind.is_undeclared)

    @property
    def total(self) -> Saved:
        """What mending all findings saves."""
        before, after = self.before, self.after
        return Saved(before.waves - after.waves, before.critical_path - after.critical_path)

    @property
    def writes_unknown(self) -> int:
        """How many locks for writing cannot be told to be needed or not."""
        return sum(each.writes for each in self.unknown)

    def to_dict(self) -> dict[str, Any]:
        """As `sealane lint --json` prints it."""
        return {
            "findings": [finding.to_dict() for finding in self.findings],
            "accounts": [account.to_dict() for account in self.accounts],
            "if_all_mended": {
                **self.total.to_dict(),
                "waves": self.after.waves,
                "critical_path_cost": exact_integer(self.after.critical_path),
            },
            "writes": self.writes,
            "writes_unknown": self.writes_unknown,
            "unknown": [each._asdict() for each in self.unknown],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        undeclared, unneeded = len(self.undeclared), len(self.unneeded)
        waves = counted(self.total.waves, "wave")
        return in_one_line(f"Lint: {undeclared:,} undeclared, {unneeded:,} unneeded, saves {waves}")
