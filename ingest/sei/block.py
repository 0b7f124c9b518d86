"""A block of Sei: transactions of messages, and what each of those declares that it touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ...primitives import InputError, UsageError
from .operation_graph import OperationNode
from .operations import Operation
from .store_events import StoreEvent

# A mapping makes many of a short message; with both limits, all identifiers are 250 MB at most.
BLOCK_OPERATIONS_MAX: Final = 500_000


class Message(NamedTuple):
    """One message, or the ante handler of a transaction (ANTE_HANDLER as its `number`).

    `key`: its type; empty where only operations are known. `events`: what it touched in the store;
    None where that is not recorded. `declared`: the operations as the mapping has them, where the
    message completes their identifiers.
    """

    number: int
    key: str
    operations: tuple[Operation, ...]
    events: tuple[StoreEvent, ...] | None = None
    declared: tuple[Operation, ...] | None = None


class SeiTransaction(NamedTuple):
    """A transaction. `gas`: what it used, None where that is not recorded."""

    id: str
    messages: tuple[Message, ...]
    gas: int | None = None


@dataclass(frozen=True, slots=True)
class SeiBlock:
    """Transactions in block order. `case`: its name among the blocks of a file. `notes`: what a
    reader of figures must know. `governance`: the first transaction with a governance message; Sei
    builds no graph for such a block, and runs it in sequence."""

    transactions: Sequence[SeiTransaction]
    notes: tuple[str, ...] = ()
    case: str | None = None
    height: int | None = None
    governance: str | None = None

    @property
    def ids(self) -> list[str]:
        return [transaction.id for transaction in self.transactions]

    def nodes(self) -> list[OperationNode]:
        """All operations, in the order in which Sei builds its graph.

        Raises UsageError for a block that it builds none for.
        """
        if self.governance is not None:
            raise UsageError(
                f"no graph of operations: transaction {self.governance!r} has a governance "
                "message, and Sei runs such a block in sequence; ask for the graph of transactions"
            )
        return [
            OperationNode(position, message.number, operation)
            for position, transaction in enumerate(self.transactions)
            for message in transaction.messages
            for operation in message.operations
        ]


class TooManyOperations(InputError):
    """A block has more than BLOCK_OPERATIONS_MAX operations."""


class OperationCount:
    """Counts the operations of a block while it is read, so that a small file cannot make many."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, operations: int) -> None:
        """Count so many more. Raises TooManyOperations beyond BLOCK_OPERATIONS_MAX."""
        self._count += operations
        if self._count > BLOCK_OPERATIONS_MAX:
            raise TooManyOperations(
                f"more than {BLOCK_OPERATIONS_MAX:,} operations in one block; split it"
            )


def checked(block: SeiBlock) -> SeiBlock:
    """The block. Raises InputError if ids repeat."""
    seen: set[str] = set()
    for transaction in block.transactions:
        if transaction.id in seen:
            raise InputError(f"two transactions are called {transaction.id[:100]!r}; rename one")
        seen.add(transaction.id)
    return block
