"""Latencies in little memory, whatever their number: counts by magnitude, a percent apart.

Guarantees: count, sum and maximum are exact; a percentile is at most RELATIVE_ERROR too high.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

RELATIVE_ERROR: Final = 0.01
_LEAST_S: Final = 1e-6  # what is shorter counts as this long
_STEP: Final = math.log1p(RELATIVE_ERROR)


class Summary(NamedTuple):
    """Seconds, but for `number`, of what was measured. All are 0 if there was nothing."""

    number: int
    mean: float
    p50: float
    p90: float
    p99: float
    max: float


class Latencies:
    """Times that something took."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._count = 0
        self._sum_s = 0.0
        self._max_s = 0.0

    def add(self, seconds: float) -> None:
        bucket = math.ceil(math.log(max(seconds, _LEAST_S) / _LEAST_S) / _STEP)
        self._counts[bucket] = self._counts.get(bucket, 0) + 1
        self._count += 1
        self._sum_s += seconds
        self._max_s = max(self._max_s, seconds)

    @property
    def bucket_count(self) -> int:
        """How many magnitudes are counted: what the memory depends on."""
        return len(self._counts)

    def percentile(self, share: float) -> float:
        """The time that this share of all did not exceed: the nearest rank, rounded up."""
        rank = math.ceil(share * self._count)
        for bucket in sorted(self._counts):
            rank -= self._counts[bucket]
            if rank <= 0:
                return min(_LEAST_S * math.exp(bucket * _STEP), self._max_s)
        return 0.0

    def summary(self) -> Summary:
        mean = self._sum_s / self._count if self._count else 0.0
        p50, p90, p99 = (self.percentile(share) for share in (0.5, 0.9, 0.99))
        return Summary(self._count, mean, p50, p90, p99, self._max_s)
