"""Executing shares of a block in one process, the parent or a worker."""

from __future__ import annotations

from ..programs.kit.sysvars import Sysvars
from .block import Block
from .program_set import ProgramSet
from .receipt import NO_DETAIL, Detail
from .shared_columns import Columns, scalar_view
from .trace import TracedAccounts
from .transaction import TransactionExecutor
from .working_set import WorkingSet


class ShareRunner:
    """Runs transactions of one block against its working set; keeps their details till asked."""

    def __init__(
        self,
        block: Block,
        programs: ProgramSet,
        sysvars: Sysvars,
        accounts: WorkingSet,
        outcomes: Columns,
    ) -> None:
        self._executor = TransactionExecutor(block, programs, sysvars)
        self._accounts = accounts
        trace = outcomes.get("trace")
        self._watched = None if trace is None else TracedAccounts(block, accounts, trace)
        self._order = outcomes["order"]
        self._fees = scalar_view(outcomes["fees"])
        self._compute_units = scalar_view(outcomes["compute_units"])
        self.details: dict[int, Detail] = {}

    def run(self, start: int, end: int) -> None:
        """Execute the transactions at order[start:end], in that order."""
        for position in self._order[start:end].tolist():
            if self._watched is not None:
                self._watched.begin(position)
            outcome = self._executor.execute(position, self._watched or self._accounts)
            self._fees[position] = outcome.fee
            self._compute_units[position] = outcome.compute_units
            if outcome.detail is not NO_DETAIL:
                self.details[position] = outcome.detail
