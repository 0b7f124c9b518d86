"""How a node does, from its figures at two moments: rates, means, and what is there now.

Guarantees: never divides by nothing; what did not happen in between is None where a mean of it is
asked for. A node that was restarted in between, so that its counters fell, counts from zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from ..observer import STAGES
from .reading import Figures


class Percentiles(NamedTuple):
    """Seconds; upper bounds, as a histogram has them."""

    p50: float
    p99: float


class Throughput(NamedTuple):
    """A second, in between."""

    transactions: float
    failed: float
    refused: float
    blocks: float


class Parallel(NamedTuple):
    """`busy`: the share of the workers' time in which they were busy. `parallelism`: total cost /
    cost of the critical paths. `waves`: a block's mean. None if there was no such block."""

    workers: int
    busy: float | None
    parallelism: float | None
    waves: float | None


class Queue(NamedTuple):
    """Transactions and bytes that wait; checks a second, and how many of them were refused."""

    transactions: int
    size: int
    checks: float
    refused: float
    latency: Percentiles | None


class Memory(NamedTuple):
    """Resident bytes."""

    node: int
    workers: int
    shared: int
    open_files: int


class StoreFiles(NamedTuple):
    """`size`, `log_size`: in bytes."""

    size: int
    log_size: int
    runs: int
    files: int


class Vitals(NamedTuple):
    """`block_age_s`: seconds since the last block, None before the first. `stages`: mean seconds of
    the blocks in between, or None; so are `prepare_s` and `process_s`. `retries`, `refused`: how
    often since the start, by cause and by reason."""

    version: str
    height: int
    block_age_s: float | None
    throughput: Throughput
    block_transactions: float | None
    stages: dict[str, float | None]
    parallel: Parallel
    queue: Queue
    prepare_s: float | None
    process_s: float | None
    memory: Memory
    store: StoreFiles | None
    connections: int
    retries: dict[str, int]
    refused: dict[str, int]


class _Between:
    """What happened between two readings."""

    def __init__(self, before: Figures, after: Figures, seconds: float) -> None:
        self._before = before
        self._after = after
        self._seconds = max(seconds, 1e-9)

    def more(self, name: str, **labels: str) -> float:
        """By how much a counter rose."""
        now, then = self._after.value(name, **labels), self._before.value(name, **labels)
        return now - then if now >= then else now

    def rate(self, name: str, **labels: str) -> float:
        return self.more(name, **labels) / self._seconds

    def ratio(self, over: str, under: str, **labels: str) -> float | None:
        """What rose for each of what else rose; None if that did not."""
        divisor = self.more(under, **labels)
        return self.more(over, **labels) / divisor if divisor > 0 else None

    def mean(self, histogram: str, **labels: str) -> float | None:
        return self.ratio(f"{histogram}_sum", f"{histogram}_count", **labels)

    def percentiles(self, histogram: str) -> Percentiles | None:
        """Upper bounds of the buckets that they are in."""
        bounds = self._after.by(f"{histogram}_bucket", "le")
        counts = sorted(
            (
                math.inf if bound == "+Inf" else float(bound),
                self.more(f"{histogram}_bucket", le=bound),
            )
            for bound in bounds
        )
        total = counts[-1][1] if counts else 0
        if not total:
            return None
        p50, p99 = (
            next(bound for bound, count in counts if count >= share * total)
            for share in (0.5, 0.99)
        )
        return Percentiles(p50, p99)


def vitals_of(before: Figures, after: Figures, seconds: float, *, now_s: float) -> Vitals:
    """How a node did in the `seconds` between two readings. `now_s`: Unix time of the second."""
    between = _Between(before, after, seconds)
    last_s = after.value("last_block_timestamp_seconds")
    return Vitals(
        version=next(iter(after.by("build_info", "version")), ""),
        height=int(after.value("block_height")),
        block_age_s=max(0.0, now_s - last_s) if last_s else None,
        throughput=_throughput(between),
        block_transactions=between.mean("block_transactions"),
        stages={stage: between.mean("stage_seconds", stage=stage) for stage in STAGES},
        parallel=_parallel(between, after),
        queue=_queue(between, after),
        prepare_s=between.mean("prepare_seconds"),
        process_s=between.mean("process_seconds"),
        memory=_memory(after),
        store=_store(after),
        connections=int(after.value("connections")),
        retries=_counts(after.by("retries_total", "cause")),
        refused=_counts(after.by("refused_messages_total", "reason")),
    )


def _throughput(between: _Between) -> Throughput:
    ok, failed, refused = (
        between.rate("transactions_total", status=status) for status in ("ok", "failed", "refused")
    )
    return Throughput(ok + failed + refused, failed, refused, between.rate("blocks_total"))


def _parallel(between: _Between, after: Figures) -> Parallel:
    return Parallel(
        workers=int(after.value("workers")),
        busy=between.ratio("worker_busy_seconds_total", "worker_available_seconds_total"),
        parallelism=between.ratio("compute_units_total", "critical_path_compute_units_total"),
        waves=between.mean("block_waves"),
    )


def _queue(between: _Between, after: Figures) -> Queue:
    ok, refused = (between.rate("checks_total", result=result) for result in ("ok", "refused"))
    return Queue(
        transactions=int(after.value("mempool_transactions")),
        size=int(after.value("mempool_size_bytes")),
        checks=ok + refused,
        refused=refused,
        latency=between.percentiles("check_seconds"),
    )


def _memory(after: Figures) -> Memory:
    return Memory(
        node=int(after.value("resident_memory_bytes", process="node")),
        workers=int(after.value("resident_memory_bytes", process="workers")),
        shared=int(after.value("shared_memory_bytes")),
        open_files=int(after.value("open_files")),
    )


def _store(after: Figures) -> StoreFiles | None:
    if not after.has("store_files"):
        return None
    return StoreFiles(
        size=int(after.value("store_size_bytes")),
        log_size=int(after.value("store_log_size_bytes")),
        runs=int(after.value("store_runs")),
        files=int(after.value("store_files")),
    )


def _counts(figures: Mapping[str, float]) -> dict[str, int]:
    return {name: int(count) for name, count in sorted(figures.items()) if count}
