"""What the indices of a list stand for, and of how many transactions it is.

The list itself says neither. Every transaction raises its sender's nonce and changes its balance,
and what the system does before the first one changes storage only: so a list that changes a
balance or a nonce at index 0 counts transactions from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ....primitives import InputError
from .changes import AccountChanges, Numbering
from .rules import Span


class Numbered(NamedTuple):
    """How a list counts, and its number of transactions."""

    numbering: Numbering
    transactions: int

    def position(self, index: int) -> int:
        """The position of an index's transaction; -1 before the first, n after the last one."""
        return index if self.numbering is Numbering.FROM_ZERO else index - 1

    @property
    def span(self) -> Span:
        """The indices that the list may use."""
        if self.numbering is Numbering.FROM_ZERO:
            return Span(self.transactions - 1, f"{self.transactions} transactions, from 0")
        return Span(self.transactions + 1, f"{self.transactions} transactions")


def number_list(
    accounts: Sequence[AccountChanges], transactions: int | None, *, committed: bool = False
) -> Numbered:
    """Find out how a list counts. `transactions`: how many the block has, None if unknown.

    `committed`: whether the block's header has the list's hash; then it counts as EIP-7928 says.
    """
    if not committed and 0 in _balance_and_nonce_indices(accounts):
        counted = 1 + max(_indices(accounts))
        return Numbered(Numbering.FROM_ZERO, transactions or counted)
    if transactions is not None:
        return Numbered(Numbering.EIP_7928, transactions)
    nonces = [change.step for account in accounts for change in account.nonce_changes]
    return Numbered(Numbering.EIP_7928, max(nonces, default=0))


def require_changes(accounts: Sequence[AccountChanges], numbered: Numbered) -> None:
    """Raise InputError if a transaction changes no nonce.

    The lists of early experiments leave some out: half of the transactions must change something
    there, so that a short list never stands for a long block.
    """
    if numbered.numbering is Numbering.FROM_ZERO:
        _require_half(accounts, numbered.transactions)
        return
    raised = {change.step for account in accounts for change in account.nonce_changes}
    for index in range(1, numbered.transactions + 1):
        if index not in raised:
            raise InputError(
                f"transaction {index} of {numbered.transactions} changes no nonce in the list; "
                "EIP-7928: the nonce of each transaction's sender is recorded"
            )


def _require_half(accounts: Sequence[AccountChanges], transactions: int) -> None:
    found = len(set(_indices(accounts)))
    if 2 * found < transactions:
        raise InputError(
            f"the list counts its transactions from 0, index {transactions - 1} is the highest, "
            f"and only {found} have changes; each transaction changes its sender's balance"
        )


def _balance_and_nonce_indices(accounts: Sequence[AccountChanges]) -> set[int]:
    return {
        change.step
        for account in accounts
        for changes in (account.balance_changes, account.nonce_changes)
        for change in changes
    }


def _indices(accounts: Sequence[AccountChanges]) -> Iterator[int]:
    for account in accounts:
        lists = [changes for _, changes in account.storage_changes]
        lists += [account.balance_changes, account.nonce_changes, account.code_changes]
        for changes in lists:
            yield from (change.step for change in changes)
