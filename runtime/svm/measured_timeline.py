"""When each transaction of a block was executed, and by which worker, as it was measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..columns.stopwatch import ExecutionTimes


class Stage(NamedTuple):
    """A part of `Runtime.execute`: "schedule", "execute" or "commit", from when until when."""

    name: str
    start_ns: int
    end_ns: int


class MeasuredSlice(NamedTuple):
    """What one worker did from when until when: a transaction, or several at once, vectorized."""

    worker: int
    start_ns: int
    end_ns: int
    positions: tuple[int, ...]


@dataclass(frozen=True, eq=False, repr=False)
class MeasuredTimeline:
    """Times count from `origin_ns` on CLOCK_MONOTONIC, when the call of `Runtime.execute` began.

    `start_ns`, `end_ns` int64[n] by position: nanoseconds, of the try that succeeded. Transactions
    that were executed at once have the same. `workers` int64[n]: 1 to the number of workers, 0 for
    the caller's own process. `waits` int64[k, 2]: (earlier, later), where a worker waited, as its
    plan says, until another had executed `earlier`, and went on with `later`. `stages`: of the
    whole call, in order. `tries_ns`: when each try began.
    """

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    workers: NDArray[np.int64]
    waits: NDArray[np.int64]
    origin_ns: int = 0
    stages: tuple[Stage, ...] = ()
    tries_ns: tuple[int, ...] = ()

    @classmethod
    def by_one(cls, times: ExecutionTimes, worker: int) -> MeasuredTimeline:
        """All was executed by one worker."""
        no_waits = np.zeros((0, 2), dtype=np.int64)
        return cls(*times, np.full(len(times.begun_ns), worker, dtype=np.int64), no_waits)

    def since(
        self, origin_ns: int, stages: tuple[Stage, ...], tries_ns: tuple[int, ...]
    ) -> MeasuredTimeline:
        """The same, counted from `origin_ns`; until now from 0."""
        return MeasuredTimeline(
            self.start_ns - origin_ns,
            self.end_ns - origin_ns,
            self.workers,
            self.waits,
            origin_ns,
            tuple(Stage(name, *(ns - origin_ns for ns in times)) for name, *times in stages),
            tuple(begun_ns - origin_ns for begun_ns in tries_ns),
        )

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.start_ns)

    def __repr__(self) -> str:
        workers = len(np.unique(self.workers))
        return (
            f"<MeasuredTimeline of {len(self):,} transactions, {workers:,} workers, "
            f"makespan {self.makespan_ns / 1e6:,.3f} ms>"
        )

    @property
    def start_s(self) -> NDArray[np.float64]:
        """float64[n]: when each transaction began, in seconds since the call."""
        return self.start_ns / 1e9

    @property
    def end_s(self) -> NDArray[np.float64]:
        """float64[n]: when each transaction ended, in seconds since the call."""
        return self.end_ns / 1e9

    @property
    def makespan_ns(self) -> int:
        """From the begin of the first transaction to the end of the last."""
        return int(self.end_ns.max() - self.start_ns.min()) if len(self) else 0

    @property
    def costs_ns(self) -> NDArray[np.int64]:
        """int64[n]: what each transaction took; of several at once, each has an equal share."""
        costs = self.end_ns - self.start_ns
        for found in self.slices():
            if len(found.positions) > 1:
                costs[list(found.positions)] //= len(found.positions)
        return costs

    def slices(self) -> Iterator[MeasuredSlice]:
        """What each worker did, worker after worker, in order of time."""
        order = np.lexsort((np.arange(len(self)), self.start_ns, self.workers))
        workers, starts = self.workers[order], self.start_ns[order]
        changes = (np.diff(workers) != 0) | (np.diff(starts) != 0)
        bounds = np.unique([0, *(np.flatnonzero(changes) + 1).tolist(), len(order)])
        for low, high in pairwise(bounds.tolist()):
            positions: list[int] = order[low:high].tolist()
            first = positions[0]
            yield MeasuredSlice(
                int(self.workers[first]),
                int(self.start_ns[first]),
                int(self.end_ns[first]),
                tuple(positions),
            )
