"""Verifies signatures before a block is scheduled: here, or in chunks on the worker pool.

    checks ──▶ chunks of about equal cost, one message each
                 round 1:  chunk 1 ▶ worker 1   chunk 2 ▶ worker 2
                 round 2:  chunk 3 ▶ worker 1   chunk 4 ▶ worker 2    packed during round 1

Guarantees: the same answers however many workers there are; those of a worker that died are asked
for again, three times at most, then WorkerDied is raised. Few checks are verified in this process,
and so is a check too large for a message. Does not: execute or commit anything.
"""

from __future__ import annotations

import logging
import pickle
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate, pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import InternalError
from ...primitives.one_line import counted
from ...signatures.schemes import Scheme, SignatureCheck
from ...signatures.verifying import verify
from ..workers.asking_again import Asked
from ..workers.messages import VERIFY
from ..workers.pool import WorkerPool

_log = logging.getLogger(__package__)

# What a chunk is bounded by: so much work, and so many bytes in a message.
CHUNK_S: Final = 0.1
CHUNK_BYTES_MAX: Final = 1 << 20
# What workers have to save in a call to be woken, and to be started where there are none yet: less
# than the 0.4 s that this takes, since a runtime that verifies once will verify again.
WAKE_S: Final = 2e-3
START_S: Final = 0.05
# Measured by `sealane bench -s signatures`; only the proportions matter much.
_CHECK_S: Final = {
    Scheme.ED25519: 35e-6,
    Scheme.ED25519_ZIP215: 35e-6,
    Scheme.ML_DSA_44: 100e-6,
    Scheme.SECP256K1: 42e-6,
}
_BYTE_S: Final = 2e-9  # of hashing a message

Verdicts = NDArray[np.bool_]


class Costs:
    """What checks cost, each and in all. `seconds`, `lens` in bytes: float64[n], int64[n]."""

    def __init__(self, checks: Sequence[SignatureCheck]) -> None:
        self.lens: NDArray[np.int64] = np.fromiter(
            (len(key) + len(message) + len(signature) for _, key, message, signature, _ in checks),
            dtype=np.int64,
            count=len(checks),
        )
        base = np.fromiter((_CHECK_S[check.scheme] for check in checks), np.float64, len(checks))
        self.seconds: NDArray[np.float64] = base + self.lens * _BYTE_S

    def workers_pay(self, workers: int, *, started: bool) -> bool:
        """Whether so many workers would save enough time."""
        saved_s = float(self.seconds.sum()) * (1 - 1 / workers) if workers else 0.0
        return saved_s > (WAKE_S if started else START_S)


def verify_on_workers(
    checks: Sequence[SignatureCheck], costs: Costs, pool: WorkerPool, restarted: Callable[[], None]
) -> Verdicts:
    """Whether each signature counts. `restarted` is called after the workers were replaced.

    Raises WorkerDied. After any exception the pool must be killed.
    """
    found = np.zeros(len(checks), dtype=np.bool_)
    small = np.flatnonzero(costs.lens <= CHUNK_BYTES_MAX).astype(np.int64)
    chunks = _cut(small, costs, len(pool))
    _log.debug(
        "verifying %s in %s on %s",
        counted(len(small), "signature"),
        counted(len(chunks), "chunk"),
        counted(len(pool), "worker"),
    )
    rounds = [chunks[start : start + len(pool)] for start in range(0, len(chunks), len(pool))]
    messages = _Messages(checks, rounds)
    asked = Asked(pool, restarted, "verified signatures")
    for number, chunk_round in enumerate(rounds):
        prepare_next = partial(messages.of, number + 1)
        answers = asked.answers(messages.of(number), prepare_next)
        for chunk, answer in zip(chunk_round, answers, strict=True):
            found[chunk] = _verdicts(answer, len(chunk))
    large: list[int] = np.flatnonzero(costs.lens > CHUNK_BYTES_MAX).tolist()
    found[large] = verify([checks[position] for position in large])
    return found


def _cut(positions: NDArray[np.int64], costs: Costs, lanes: int) -> list[NDArray[np.int64]]:
    """Chunks of about equal weight, as many as a round has lanes or a multiple, none empty.

    A check weighs the part of a chunk that it takes, in time or in bytes.
    """
    if not len(positions):
        return []
    weights: NDArray[np.float64] = np.maximum(
        costs.seconds[positions] / CHUNK_S, costs.lens[positions] / CHUNK_BYTES_MAX
    )
    each: list[float] = weights.tolist()
    ends = list(accumulate(each))
    count = lanes * ceil(ends[-1] / lanes)
    inner = [bisect_right(ends, ends[-1] * number / count) for number in range(1, count)]
    cuts = [0, *inner, len(positions)]
    return [positions[start:end] for start, end in pairwise(cuts) if start < end]


class _Messages:
    """The messages of each round. Those of one are kept, so that they can be packed beforehand."""

    def __init__(
        self, checks: Sequence[SignatureCheck], rounds: Sequence[Sequence[NDArray[np.int64]]]
    ) -> None:
        self._checks = checks
        self._rounds = rounds
        self._number = -1
        self._packed: list[bytes] = []

    def of(self, number: int) -> list[bytes]:
        """The messages of a round; none for the one past the last."""
        if number != self._number and number < len(self._rounds):
            self._packed = [self._message(chunk) for chunk in self._rounds[number]]
            self._number = number
        return self._packed

    def _message(self, chunk: NDArray[np.int64]) -> bytes:
        # Plain tuples: pickle would name the class for each.
        places: list[int] = chunk.tolist()
        return VERIFY + pickle.dumps([tuple(self._checks[place]) for place in places])


def _verdicts(answer: bytes, count: int) -> Verdicts:
    verdicts = np.frombuffer(answer, dtype=np.bool_, offset=1)
    if len(verdicts) != count:
        raise InternalError(f"a worker verified {len(verdicts)} signatures of {count}")
    return verdicts
