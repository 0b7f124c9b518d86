"""Repeats a block after a worker died, and finds the transaction that kills workers.

    try 1  as chosen       a worker dies while executing S: S becomes a suspect
    try 2  in lanes        succeeds if the machine was the cause
    try 3  isolated        the suspects run on a worker of their own while nothing else runs

A group that exceeds its time goes straight to try 3, as waiting for it again would be pointless.
A single transaction that exceeds its time is not tried again.

Nothing is committed before a try succeeds, and each begins from committed state. Only what the
failed worker itself was executing is suspected: the other workers were killed because of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import ProgramTimeout, WorkerDied
from ...primitives.one_line import shortened
from ..svm.execution_outcome import Execution
from ..svm.tries import Tries, TryReason
from .pool import LaneFailed, WorkerPool

_log = logging.getLogger(__package__)

TRIES_MAX: Final = 3
_ID_LEN_MAX: Final = 100  # of one in the log


class Attempt(Enum):
    """How a block is tried. For ISOLATED, the pool has one more worker."""

    FIRST = "as is best: an inline block whole, others in lanes"
    RETRY = "in lanes"
    ISOLATED = "suspects isolated"


class Suspects:
    """Positions that workers were executing when they failed. `latest`: those of the last one."""

    def __init__(self, transaction_count: int) -> None:
        self.suspected = np.zeros(transaction_count, dtype=np.bool_)
        self.latest = np.zeros(0, dtype=np.uint32)

    def add(self, positions: NDArray[np.uint32]) -> None:
        """Add the positions that a failed worker was executing."""
        self.latest = positions
        self.suspected[positions] = True

    def __bool__(self) -> bool:
        return bool(self.suspected.any())


def execute_with_retries(
    attempt: Callable[[Attempt, Suspects], Execution],
    ids: Sequence[str],
    pool: WorkerPool,
    noted: Tries,
) -> Execution:
    """Call `attempt` until it succeeds, three times at most.

    `attempt` must add to the suspects before it raises LaneFailed. The reason for each new try is
    added to `noted`. Raises WorkerDied or ProgramTimeout, with the transaction's id.
    """
    suspects = Suspects(len(ids))
    worker_count = len(pool)
    tries = 0
    isolate = False
    while True:
        tries += 1
        kind = Attempt.ISOLATED if isolate else Attempt.FIRST if tries == 1 else Attempt.RETRY
        try:
            execution = attempt(kind, suspects)
        except LaneFailed as failed:
            # For a group, name its first transaction.
            named = ids[int(suspects.latest[0])] if len(suspects.latest) else None
            if failed.hung and named is not None and len(suspects.latest) == 1:
                raise ProgramTimeout(named, pool.limits.transaction_timeout_s) from None
            if tries == TRIES_MAX:
                raise WorkerDied(failed.how, named, tries) from None
            if failed.hung:
                tries = TRIES_MAX - 1  # a group: trying the same again would take as long again
            isolate = tries == TRIES_MAX - 1 and bool(suspects)
            reason = TryReason.SUSPECTS_ISOLATED if isolate else TryReason.WORKER_FAILED
            noted.give_up(reason, str(failed))
            _log.warning(
                "%s, at transaction %s: try %d of %d begins (%s)",
                failed,
                "unknown" if named is None else shortened(named, _ID_LEN_MAX),
                tries + 1,
                TRIES_MAX,
                reason,
            )
            pool.restart(worker_count + isolate)
            continue
        pool.dismiss(worker_count)
        return execution
