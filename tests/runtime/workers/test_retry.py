"""Which kind of try follows which failure: retry.py with a pool that only records calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import pytest

from sealane import Limits, ProgramTimeout, Route, TryReason, WorkerDied
from sealane.runtime.svm.execution_outcome import Execution
from sealane.runtime.svm.tries import Tries
from sealane.runtime.workers.pool import LaneFailed, WorkerPool
from sealane.runtime.workers.retry import Attempt, Suspects, execute_with_retries

IDS = ["t0", "t1", "t2", "t3"]
DONE = cast(Execution, object())
WORKERS = 2


class NotingPool:
    """Records the numbers of workers requested, in order."""

    def __init__(self) -> None:
        self.limits = Limits(transaction_timeout_s=5)
        self.restarted: list[int] = []
        self.kept: list[int] = []

    def __len__(self) -> int:
        return WORKERS

    def restart(self, worker_count: int) -> None:
        self.restarted.append(worker_count)

    def dismiss(self, worker_count: int) -> None:
        self.kept.append(worker_count)


class Failure(NamedTuple):
    """The positions that the failed worker was executing, and whether it hung."""

    positions: Sequence[int]
    hung: bool


class Story:
    """Tries that fail as specified, one after another, and then succeed."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = list(failures)
        self.pool = NotingPool()
        self.tries: list[Attempt] = []
        self.noted = Tries()

    def attempt(self, kind: Attempt, suspects: Suspects) -> Execution:
        self.tries.append(kind)
        self.noted.begin(Route.LANES, WORKERS)
        if len(self.tries) > len(self.failures):
            return DONE
        failure = self.failures[len(self.tries) - 1]
        suspects.add(np.array(failure.positions, dtype=np.uint32))
        raise LaneFailed(1, "signal SIGKILL", hung=failure.hung)

    def run(self, ids: Sequence[str] = IDS) -> Execution:
        return execute_with_retries(self.attempt, ids, cast(WorkerPool, self.pool), self.noted)


def killed(*positions: int) -> Failure:
    return Failure(positions, hung=False)


def hung(*positions: int) -> Failure:
    return Failure(positions, hung=True)


@pytest.mark.parametrize(
    ("failures", "tries", "restarted"),
    [
        ([], [Attempt.FIRST], []),
        # Once may have been the machine: nobody is isolated yet.
        ([killed(1)], [Attempt.FIRST, Attempt.RETRY], [2]),
        ([killed(1, 2)], [Attempt.FIRST, Attempt.RETRY], [2]),
        ([killed(1), killed(1)], [Attempt.FIRST, Attempt.RETRY, Attempt.ISOLATED], [2, 3]),
        # A worker that died between two transactions leaves nobody to isolate.
        ([killed(), killed()], [Attempt.FIRST, Attempt.RETRY, Attempt.RETRY], [2, 2]),
        # Suspected in the first try, and still so when nobody was at anything in the second.
        ([killed(1), killed()], [Attempt.FIRST, Attempt.RETRY, Attempt.ISOLATED], [2, 3]),
        # A group that hung goes straight to the last try.
        ([hung(1, 2)], [Attempt.FIRST, Attempt.ISOLATED], [3]),
        ([killed(1), hung(1, 2)], [Attempt.FIRST, Attempt.RETRY, Attempt.ISOLATED], [2, 3]),
        ([hung()], [Attempt.FIRST, Attempt.RETRY], [2]),
    ],
)
def test_which_try_follows_which_failures(
    failures: Sequence[Failure], tries: list[Attempt], restarted: list[int]
) -> None:
    story = Story(*failures)
    assert story.run() is DONE
    assert story.tries == tries
    assert story.pool.restarted == restarted
    reasons = {
        Attempt.FIRST: TryReason.FIRST,
        Attempt.RETRY: TryReason.WORKER_FAILED,
        Attempt.ISOLATED: TryReason.SUSPECTS_ISOLATED,
    }
    assert [each.reason for each in story.noted.begun] == [reasons[kind] for kind in tries]
    assert {each.detail for each in story.noted.begun[1:]} <= {"worker 1: signal SIGKILL"}
    assert story.pool.kept == [WORKERS]  # the one more of the last try is let go


@pytest.mark.parametrize(
    ("failures", "named"),
    [
        ([killed(0), killed(1), killed(2)], "t2"),
        ([killed(0), killed(1), killed()], None),
        ([hung(1, 2), killed(3, 1)], "t3"),
        ([hung(1, 2), hung(1, 2)], "t1"),
        ([hung(), hung()], None),
    ],
)
def test_the_latest_suspect_is_named_after_the_last_try(
    failures: Sequence[Failure], named: str | None
) -> None:
    story = Story(*failures)
    with pytest.raises(WorkerDied) as caught:
        story.run()
    assert caught.value.transaction == named
    assert len(story.tries) == len(failures)


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_single_transaction_that_hung_is_named_at_once(before: int) -> None:
    story = Story(*[killed(0)] * before, hung(3))
    with pytest.raises(ProgramTimeout) as caught:
        story.run()
    assert caught.value.transaction == "t3"
    assert len(story.tries) == before + 1


def test_the_log_shows_ids_escaped_and_short(caplog: pytest.LogCaptureFixture) -> None:
    assert Story(killed(1)).run(["t0", "\x1b[2J\n" + "x" * 10_000]) is DONE
    (record,) = caplog.records
    assert "at transaction \\x1b[2J\\nxx" in record.getMessage()
    assert record.getMessage().isprintable()
    assert len(record.getMessage()) < 300
