"""Blocks of calls that work for a given time, and runtimes with their accounts."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from ...runtime import Route, Runtime
from .access import READ_ONLY_ACCOUNTS, drawn_reads
from .accounts import place
from .calls import READ, SIGN_AND_WRITE, WRITE, Calls, account_key, encoded
from .programs import steps_per_us, toil, work
from .transfers import numbers_of, payers

_RIGHTS = (SIGN_AND_WRITE, WRITE, READ, READ)


def toils(pairs: NDArray[np.int64], us: int) -> Calls:
    """Transactions that write these two accounts, read two more, and run for a given time."""
    count = len(pairs)
    steps = max(1, round(us * steps_per_us()))
    # The first numbers are the read-only accounts.
    rows = np.concatenate([pairs + READ_ONLY_ACCOUNTS, drawn_reads(0, count)], axis=1)
    return Calls(work, rows, _RIGHTS, encoded(toil.tag, np.full(count, steps, dtype="<u4")))


@contextmanager
def toiling(calls: Sequence[Calls], workers: int, route: Route | None = None) -> Generator[Runtime]:
    """A runtime in which all accounts of these calls can pay."""
    numbers = sorted({number for each in calls for number in numbers_of(each)})
    with Runtime(workers=workers, programs=[work], route=route) as runtime:
        place(runtime, [account_key(number) for number in numbers], payers(work.id, numbers))
        yield runtime
