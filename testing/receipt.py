"""A Vm's receipt of one transaction, and its report for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..primitives import Failure
from ..runtime import Receipt, Route, Try
from ..runtime.svm.recorder import Call
from .access import Access
from .call_text import account_keys, call_name, call_tree, error_text, failed_call
from .names import KeyNames


@dataclass(frozen=True, slots=True)
class VmReceipt(Receipt):
    """A receipt that also has the tree of `calls`, the `access` and the compute unit limit.

    `tries`: every attempt at executing the transaction, with its route; the last one completed.
    """

    calls: tuple[Call, ...]
    access: Access
    compute_limit: int
    tries: tuple[Try, ...]
    names: KeyNames = field(repr=False)

    @property
    def route(self) -> Route:
        """How the transaction was executed."""
        return self.tries[-1].route

    def report(self) -> str:
        """A report on several lines: outcome, calls with logs, accounts, compute units."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield "transaction ok" if self.error is None else self._failure(self.error)
        yield ""
        yield "calls"
        yield from (f"  {line}" for line in call_tree(self.calls, self.names))
        if not self.calls:
            yield "  none: the transaction failed before its first instruction"
        yield ""
        yield "accounts"
        yield from (f"  {line}" for line in str(self.access).splitlines())
        yield ""
        yield f"compute units: {self.compute_units:,} of {self.compute_limit:,}"

    def _failure(self, error: Failure) -> str:
        failed = failed_call(self.calls)
        where = "the transaction" if failed is None else call_name(failed)
        named = error_text(error.program, error.name)
        lines = [f"{where} failed: {named} ({error.code})"]
        lines.append(f"  {self.names.in_text(error.message)}")
        if error.account is not None:
            lines.append(f"  account: {self._account(error.account, failed)}")
        return "\n".join(lines)

    def _account(self, account: str, failed: Call | None) -> str:
        """The account of a failure: its parameter and name, if it has both."""
        name = self.names.in_text(account)
        given = {} if failed is None else account_keys(failed)
        parameters = [each for each, keys in given.items() if account in map(str, keys)]
        return " = ".join([*parameters[:1], name])
