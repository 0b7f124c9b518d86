"""Beginning a block again after a worker died, and finding the transaction that kills workers.

    try 1  as is best      a worker dies at S: suspect S
    try 2  in lanes        perhaps it was the machine, and all is well now
    try 3  isolated        suspects while nothing else runs, on a worker of their own

A group that did not end in time goes straight to try 3: to wait for it twice would help nobody.
For a single transaction that is the end.

Nothing is committed before a try got through, and each begins from committed state. Only what the
failed worker itself was executing is suspected: the others were killed for it, and are innocent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import ProgramTimeout, WorkerDied
from ..svm.execution import Execution
from ..svm.tries import Tries, TryReason
from .pool import LaneFailed, WorkerPool

_log = logging.getLogger(__package__)

TRIES_MAX: Final = 3


class Attempt(Enum):
    """How a block is tried. For the last, the pool has one worker more."""

    FIRST = "as is best: an inline block whole, others in lanes"
    RETRY = "in lanes"
    ISOLATED = "suspects isolated"


class Suspects:
    """The positions at which workers failed. `latest`: what the last one was at."""

    def __init__(self, transaction_count: int) -> None:
        self.suspected = np.zeros(transaction_count, dtype=np.bool_)
        self.latest = np.zeros(0, dtype=np.uint32)

    def add(self, positions: NDArray[np.uint32]) -> None:
        """What a failed worker was at."""
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
    """Call `attempt` until it gets through, three times at most.

    It raises LaneFailed when a worker does, having told the suspects; why there is another try, is
    `noted`. Raises WorkerDied or ProgramTimeout, with the transaction's id.
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
            # Of a group, the first is named.
            named = ids[int(suspects.latest[0])] if len(suspects.latest) else None
            if failed.hung and named is not None and len(suspects.latest) == 1:
                raise ProgramTimeout(named, pool.limits.transaction_timeout_s) from None
            if tries == TRIES_MAX:
                raise WorkerDied(failed.how, named, tries) from None
            if failed.hung:
                tries = TRIES_MAX - 1  # a group: the same again would take as long again
            isolate = tries == TRIES_MAX - 1 and bool(suspects)
            reason = TryReason.SUSPECTS_ISOLATED if isolate else TryReason.WORKER_FAILED
            noted.give_up(reason, str(failed))
            _log.warning(
                "%s, at transaction %s: try %d of %d begins (%s)",
                failed,
                "unknown" if named is None else named,
                tries + 1,
                TRIES_MAX,
                reason,
            )
            pool.restart(worker_count + isolate)
            continue
        pool.dismiss(worker_count)
        return execution
