"""The outcome of executing a block, before it is committed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..columns.account_columns import ChangedAccounts
from .measured_timeline import MeasuredTimeline
from .receipt import NO_DETAIL, Detail, Outcome
from .tries import Tries, Try


@dataclass(slots=True)
class Execution:
    """Outcomes by position (`fees` in lamports and `compute_units`, uint64[n]; `details` only for
    those that have any), and the new state of each account id that the block changed.

    `trace`: None unless requested. `tries`: oldest first; the last one succeeded. `tries_begun_s`:
    when each began, on the monotonic clock. `busy_s`: the processor time of all lanes, in seconds,
    without waits for each other; None on other routes.
    `timeline`: None unless requested; its times count from 0 on CLOCK_MONOTONIC.
    """

    fees: NDArray[np.uint64]
    compute_units: NDArray[np.uint64]
    details: dict[int, Detail] = field(default_factory=dict[int, Detail])
    changed: ChangedAccounts = field(default_factory=lambda: ChangedAccounts.of({}))
    trace: NDArray[np.uint64] | None = None
    tries: tuple[Try, ...] = ()
    tries_begun_s: tuple[float, ...] = ()
    busy_s: float | None = None
    timeline: MeasuredTimeline | None = None

    @classmethod
    def empty(cls, transaction_count: int) -> Execution:
        zeros = np.zeros(transaction_count, dtype=np.uint64)
        return cls(zeros, zeros.copy())

    def note(self, tries: Tries) -> None:
        """Note how the block was tried."""
        self.tries, self.tries_begun_s = tries.begun, tries.begun_s

    def record(self, position: int, outcome: Outcome) -> None:
        self.fees[position] = outcome.fee
        self.compute_units[position] = outcome.compute_units
        if outcome.detail is not NO_DETAIL:
            self.details[position] = outcome.detail
