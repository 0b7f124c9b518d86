"""What the executors of a lane read and write: accounts, outcomes, and the lane's progress.

One workspace is shared by all executors of a lane (alone, by row, vectorized).
"""

from __future__ import annotations

from ..columns.shared_columns import Columns, scalar_view
from ..memory.progress import ProgressCell
from ..memory.working_set import WorkingSet
from ..svm.receipt import NO_DETAIL, Detail, Outcome


class Workspace:
    """`accounts` are read and written in place; `progress` publishes what is being executed.

    `fees` and `compute_units` uint64[n], by position, are in shared memory if several lanes execute
    the block. `details` has the other parts of receipts, by position.
    """

    def __init__(self, accounts: WorkingSet, outcomes: Columns, progress: ProgressCell) -> None:
        self.accounts = accounts
        self.fees, self.compute_units = outcomes["fees"], outcomes["compute_units"]
        self.details: dict[int, Detail] = {}
        self.progress = progress
        self._fee_of = scalar_view(self.fees)
        self._compute_units_of = scalar_view(self.compute_units)

    def record(self, position: int, outcome: Outcome) -> None:
        """Store the outcome of a transaction that was executed alone."""
        self._fee_of[position] = outcome.fee
        self._compute_units_of[position] = outcome.compute_units
        if outcome.detail is not NO_DETAIL:
            self.details[position] = outcome.detail
