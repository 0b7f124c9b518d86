"""What a replay of a recorded block was held to, and what differed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value that differs from the recorded one, or a transaction with a different outcome.

    `transaction` is None for a value that is wrong only at the end of the block.
    """

    transaction: str | None
    account: str | None
    message: str


@dataclass(frozen=True, slots=True)
class ReplayCheck:
    """How many values were compared (before each transaction, and after the block), and the
    mismatches. `rent`: lamports that transactions were charged beyond their fees, by id.
    """

    checked: int
    mismatches: list[Mismatch]
    rent: dict[str, int] = field(default_factory=dict[str, int])


class HashCheck(NamedTuple):
    """The hash of what a block was read from: as its header says (None: unknown), as computed."""

    header: str | None
    computed: str

    @property
    def is_right(self) -> bool:
        """Whether nothing speaks against it: the header's is the same, or not known."""
        return self.header in (None, self.computed)
