"""What a simulated run comes to: which worker runs each transaction, from when until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Run(NamedTuple):
    """One execution of a transaction: by which worker (from 0), from `start` until `end`."""

    position: int
    worker: int
    start: int
    end: int


@dataclass(frozen=True, repr=False)
class Timeline:
    """A whole run. Times count from the block's begin, in the unit of the costs.

    `starts`, `ends` and `workers` by position, of the execution that counted. `aborted`:
    executions that had to be repeated, as a worker spent its time on them, too.
    """

    starts: list[int]
    ends: list[int]
    workers: list[int]
    aborted: list[Run] = field(default_factory=list[Run])

    @classmethod
    def unstarted(cls, transactions: int) -> Timeline:
        """All zeros, to be filled in."""
        return cls([0] * transactions, [0] * transactions, [0] * transactions)

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.ends)

    def __repr__(self) -> str:
        again = f", {len(self.aborted):,} aborted executions" if self.aborted else ""
        return f"<Timeline of {len(self):,} transactions{again}, makespan {self.makespan:,}>"

    @property
    def makespan(self) -> int:
        """When the last transaction ends."""
        return max(self.ends, default=0)

    def put(self, run: Run) -> None:
        """Enter the execution that counts for a transaction."""
        self.starts[run.position] = run.start
        self.ends[run.position] = run.end
        self.workers[run.position] = run.worker

    def runs(self) -> Iterator[Run]:
        """The executions that counted, by position."""
        columns = zip(self.workers, self.starts, self.ends, strict=True)
        return (Run(position, *columns) for position, columns in enumerate(columns))
