"""What a workload of a library program is: documents of a fixture, and a naive layout beside it.

A generator is a function of `Draws` that gives a `Market`. Its accounts and transactions are what
one would write into a fixture by hand, and are read as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .draws import Draws

AccountDocument: TypeAlias = dict[str, Any]
TransactionDocument: TypeAlias = dict[str, Any]


def _none(transaction: TransactionDocument) -> list[str]:
    del transaction
    return []


@dataclass(frozen=True, slots=True)
class Market:
    """Accounts by name, and transactions, as documents of a fixture.

    `naive`: the accounts that a transaction would write as well if the program were laid out
    without care for what runs in parallel, such as one vault for all fees.
    """

    accounts: dict[str, AccountDocument]
    transactions: Iterable[TransactionDocument]
    naive: Callable[[TransactionDocument], list[str]] = _none


Generator: TypeAlias = Callable[[Draws], Market]
