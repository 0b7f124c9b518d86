"""Sums the lattice hashes of many accounts on the worker pool, in parts.

    accounts ──▶ parts of about a mebibyte, one message each ──▶ a sum of each ──▶ their sum

Guarantees: the same sum however many workers there are, since sums of parts add up to that of the
whole. A worker that dies is replaced and asked again, three times at most. Few accounts, and those
too large for a message, are summed in this process.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import InternalError
from ..commitments.keyed_states import KeyedStates
from ..commitments.lattice_hash import LATTICE_LEN, Lattice, decoded, sum_accounts, sum_hashes
from ..workers.asking_again import Asked
from ..workers.messages import SUM

PART_BYTES_MAX: Final = 1 << 20
PART_ACCOUNTS_MAX: Final = 4_096
# What workers have to save to be started: less than the 0.4 s that this takes, since a large state
# is summed in several calls.
START_S: Final = 0.1
WAKE_S: Final = 5e-3
# Measured on two cores; only the proportions matter much.
_ACCOUNT_S: Final = 1.3e-6
_SENT_SHARE: Final = 0.15  # of _ACCOUNT_S: the time to send an account instead of hashing it
_BYTE_S: Final = 1e-9


def workers_pay(count: int, data_len: int, workers: int, *, started: bool) -> bool:
    """Whether so many workers save enough time on so many accounts with so much data in all."""
    if workers < 2:
        return False
    here_s = count * _ACCOUNT_S + data_len * _BYTE_S
    saved_s = here_s * (1 - _SENT_SHARE - 1 / workers)
    return saved_s > (WAKE_S if started else START_S)


def sum_on_workers(accounts: KeyedStates, asked: Asked) -> Lattice:
    """The lattice hash of these accounts. Raises WorkerDied; then the pool must be killed."""
    total = sum_hashes(())
    lens = accounts.states.data_lens
    large = np.flatnonzero(lens > PART_BYTES_MAX)
    if len(large):
        total += sum_accounts(accounts.rows(large))
        accounts = accounts.rows(np.flatnonzero(lens <= PART_BYTES_MAX))
    lanes = len(asked.pool)
    parts = list(_parts(accounts))
    for start in range(0, len(parts), lanes):
        messages = [SUM + pickle.dumps(part, protocol=5) for part in parts[start : start + lanes]]
        for answer in asked.answers(messages):
            if len(answer) != 1 + LATTICE_LEN:
                raise InternalError(f"a worker answered {len(answer)} bytes for a sum")
            total += decoded(answer[1:])
    return total


def _parts(accounts: KeyedStates) -> Iterator[KeyedStates]:
    """Consecutive parts, within both limits, with only their own data."""
    ends: NDArray[np.int64] = np.cumsum(accounts.states.data_lens)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        end = int(np.searchsorted(ends, before + PART_BYTES_MAX, side="right"))
        end = min(max(end, start + 1), start + PART_ACCOUNTS_MAX)
        yield accounts.rows(np.arange(start, end))
        start = end
