"""Beginning a block again after a worker died, and finding the transaction that kills workers.

    try 1  as planned      a worker dies at S: suspect S
    try 2  as planned      perhaps it was the machine, and all is well now
    try 3  suspects alone  each in a step of its own, on a worker that has executed nothing else

Nothing is committed before a try got through, and each begins from committed state. Only what the
failed worker itself was executing is suspected: the others were killed for it, and are innocent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ..primitives import ProgramTimeout, WorkerDied
from ..scheduler import Plan
from .execution import Execution
from .pool import LaneFailed, WorkerPool
from .progress import OrderRange
from .steps import Step, plan_steps, set_apart

TRIES_MAX: Final = 3


class Suspects:
    """The parts of a plan's order at which workers failed, in the order in which they did."""

    def __init__(self) -> None:
        self._parts: list[OrderRange] = []
        self._latest: OrderRange | None = None

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, part: OrderRange | None) -> None:
        """What a failed worker was at; None if at nothing."""
        self._latest = part
        if part is not None:
            self._parts.append(part)

    @property
    def parts(self) -> Sequence[OrderRange]:
        return self._parts

    @property
    def latest(self) -> OrderRange | None:
        """What the worker that failed last was at."""
        return self._latest

    @property
    def latest_is_one(self) -> bool:
        """Whether that was a single transaction, and not a group by column."""
        return self._latest is not None and self._latest.high - self._latest.low == 1


def execute_with_retries(
    attempt: Callable[[Sequence[Step], Suspects], Execution],
    ids: Sequence[str],
    plan: Plan,
    pool: WorkerPool,
) -> Execution:
    """Call `attempt` until it gets through, three times at most.

    It raises LaneFailed when a worker does, having told the suspects. Raises WorkerDied or
    ProgramTimeout, with the transaction's id.
    """
    steps = plan_steps(plan)
    suspects = Suspects()
    worker_count = len(pool)
    tries = 0
    while True:
        tries += 1
        try:
            execution = attempt(steps, suspects)
        except LaneFailed as failed:
            named = _name(suspects, ids, plan)
            if failed.hung and named is not None and suspects.latest_is_one:
                raise ProgramTimeout(named, pool.limits.transaction_timeout_s) from None
            if tries == TRIES_MAX:
                raise WorkerDied(failed.how, named, tries) from None
            if failed.hung:
                tries = TRIES_MAX - 1  # a group: the same again would take as long again
            last = tries == TRIES_MAX - 1
            pool.restart(worker_count + (last and bool(suspects)))
            if last:
                steps = set_apart(steps, suspects.parts)
            continue
        pool.dismiss(worker_count)
        return execution


def _name(suspects: Suspects, ids: Sequence[str], plan: Plan) -> str | None:
    """The id of the transaction at which the last worker failed; of a group, the first."""
    if suspects.latest is None:
        return None
    return ids[int(plan.order[suspects.latest.low])]
