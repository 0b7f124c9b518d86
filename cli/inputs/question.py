"""What `sealane explain` is asked: about one transaction, two, or an account."""

from __future__ import annotations

from dataclasses import dataclass

from ...primitives import UsageError
from ...scheduler import Schedule
from ...scheduler.schedule.named_explanations import (
    AccountQueue,
    ExplainedPair,
    ExplainedTransaction,
)


@dataclass(frozen=True)
class Question:
    """Names as the user gave them: `transaction`, perhaps with `other`; or else `account`.

    Raises UsageError for no question, and for two.
    """

    transaction: str | None
    other: str | None
    account: str | None

    def __post_init__(self) -> None:
        if self.transaction is None and self.account is None:
            raise UsageError(
                "name a transaction's ID behind the file, two of them, or --account KEY"
            )
        if self.transaction is not None and self.account is not None:
            raise UsageError(
                f"{self.transaction!r} and --account {self.account} are two questions: leave one "
                "of them out"
            )

    def answer(self, schedule: Schedule) -> ExplainedTransaction | ExplainedPair | AccountQueue:
        """Raises UsageError, with the nearest names, for one that is not there."""
        if self.transaction is None:
            return schedule.explain(account=self.account or "")
        if self.other is None:
            return schedule.explain(self.transaction)
        return schedule.explain(self.transaction, self.other)
