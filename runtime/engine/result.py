"""The result of executing a block, for the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ...primitives import Account, Pubkey
from ...primitives.one_line import counted, in_one_line
from ...scheduler import CriticalPath, Dag, critical_path, parallelism
from ..block.block import Block
from ..svm.measured_timeline import MeasuredTimeline
from ..svm.receipt import Receipts
from ..svm.tries import Route, Try
from .result_page import receipts_html

_ROOT_SHOWN_LEN: Final = 12


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that each stage took. `load_s`, for reading files, is set by the commands only.

    `busy_s`: processor time of all lanes together, without the time in which they waited for each
    other; None if the block did not run in lanes.
    """

    load_s: float = 0.0
    schedule_s: float = 0.0
    execute_s: float = 0.0
    commit_s: float = 0.0
    busy_s: float | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """A block that was executed and committed.

    Two results are equal if height, state root, receipts and accounts are, whatever the route and
    the times. Results can be pickled and copied.

    `transactions`: receipts in file order. `accounts`: the accounts that changed, with their states
    after the block. `state_root`: 64 hex digits. `height`: 1 for the first block. `tries`: one for
    each time that the block was begun, oldest first; the last one succeeded. `timing`: in seconds.
    `timeline`: when each transaction was executed, if `Runtime.execute` was asked for it.
    `skipped_for`: the height at which the store ran this same block before, or None. If set, the
    block was not run again, and there are no receipts and no changes.
    """

    block: Block
    dag: Dag
    transactions: Receipts
    accounts: Mapping[Pubkey, Account]
    state_root: str
    height: int
    tries: tuple[Try, ...]
    timing: Timing
    skipped_for: int | None = None
    timeline: MeasuredTimeline | None = None

    @property
    def skipped(self) -> bool:
        return self.skipped_for is not None

    @property
    def route(self) -> Route | None:
        """The route of the try that succeeded; None if the block was skipped."""
        return self.tries[-1].route if self.tries else None

    @property
    def workers(self) -> int:
        """How many workers executed the block; 0 if it was the caller's own process."""
        return self.tries[-1].workers if self.tries else 0

    @cached_property
    def critical_path(self) -> CriticalPath:
        """The costliest chain, by position, in the costs that the block states."""
        return critical_path(self.dag, self.block.costs)

    @property
    def parallelism(self) -> float:
        """Total cost / cost of the critical path: the speed-up that no workers exceed."""
        return parallelism(sum(self.block.costs.tolist()), self.critical_path.cost)

    @property
    def speed_up(self) -> float | None:
        """How much work was done at once: `timing.busy_s` / `timing.execute_s`.

        A lane's own overhead counts as work. None if the block did not run in lanes.
        """
        busy_s, execute_s = self.timing.busy_s, self.timing.execute_s
        return busy_s / execute_s if busy_s is not None and execute_s > 0 else None

    @cached_property
    def waves(self) -> list[list[str]]:
        """Transaction ids by wave; within each in file order."""
        ids = self.block.ids
        waves: list[list[int]] = [wave.tolist() for wave in self.dag.waves]
        return [[ids[position] for position in wave] for wave in waves]

    @property
    def ok(self) -> bool:
        """Whether every transaction succeeded."""
        return not self.transactions.failed.any()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return (
            (self.height, self.state_root, self.skipped_for)
            == (other.height, other.state_root, other.skipped_for)
            and self.transactions == other.transactions
            and self.accounts == other.accounts
        )

    def _repr_html_(self) -> str:
        """For notebooks: the first receipts, failures before the others."""
        return receipts_html(self._summary(), self.transactions)

    def __repr__(self) -> str:
        """One line: a block's columns and graph in full would be unreadable."""
        if self.skipped_for is not None:
            return f"<Result: skipped, the store ran it as block {self.skipped_for}>"
        return in_one_line(f"{self._summary()}, root {self.state_root[:_ROOT_SHOWN_LEN]}…")

    def _summary(self) -> str:
        failed = int(self.transactions.failed.sum())
        return (
            f"Result of block {self.height}: {counted(len(self.transactions), 'transaction')}, "
            f"{failed:,} failed, {counted(len(self.dag.waves), 'wave')}"
        )
