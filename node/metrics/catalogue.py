"""Every metric of a node by name: what it counts, its unit, its labels.

Names follow OpenMetrics: a unit is the end of the name, and what only grows ends with `_total`.
Guarantees: prometheus.py, the dashboard, `sealane top` and the docs know no other metrics.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

PREFIX: Final = "sealane_"


class Kind(StrEnum):
    """The types of OpenMetrics that a node uses."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    INFO = "info"


class Metric(NamedTuple):
    """One metric. `name`: without the prefix, and without `_total` or `_info`, as in OpenMetrics.

    `unit`: the last word of the name, if it is a unit of OpenMetrics. `buckets`: upper bounds.
    """

    name: str
    kind: Kind
    help: str
    unit: str = ""
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The names by which it can be queried, with the prefix."""
        name = PREFIX + self.name
        match self.kind:
            case Kind.COUNTER:
                return (f"{name}_total",)
            case Kind.INFO:
                return (f"{name}_info",)
            case Kind.HISTOGRAM:
                return f"{name}_bucket", f"{name}_sum", f"{name}_count"
            case Kind.GAUGE:
                return (name,)


# From half a millisecond, a small block's, to what makes an engine start another round.
_BLOCK_S: Final = (
    *(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0),
)
# A check takes some 100 µs, most of it for a signature.
_CHECK_S: Final = (
    *(0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 1.0),
)
_COUNTS: Final = (0.0, 1.0, 10.0, 100.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0, 100_000.0)
_WAVES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0)

METRICS: Final = (
    Metric("build", Kind.INFO, "Version of Sealane and of Python.", labels=("version", "python")),
    Metric("block_height", Kind.GAUGE, "Height of the last committed block."),
    Metric(
        "last_block_timestamp_seconds",
        Kind.GAUGE,
        "When the last block was committed, in Unix time; 0 before the first since the start.",
        unit="seconds",
    ),
    Metric("blocks", Kind.COUNTER, "Blocks committed."),
    Metric(
        "transactions",
        Kind.COUNTER,
        "Transactions of committed blocks: ok, failed, or refused, which were not executed.",
        labels=("status",),
    ),
    Metric(
        "block_transactions",
        Kind.HISTOGRAM,
        "Transactions of a committed block.",
        buckets=_COUNTS,
    ),
    Metric(
        "stage_seconds",
        Kind.HISTOGRAM,
        "Time that a stage of a block took.",
        unit="seconds",
        labels=("stage",),
        buckets=_BLOCK_S,
    ),
    Metric("block_waves", Kind.HISTOGRAM, "Waves of a committed block.", buckets=_WAVES),
    Metric("compute_units", Kind.COUNTER, "Compute units of committed blocks."),
    Metric(
        "critical_path_compute_units",
        Kind.COUNTER,
        "Compute units of the critical paths of committed blocks: what no workers can shorten.",
    ),
    Metric("workers", Kind.GAUGE, "Workers that executed the last block; 0: the node's process."),
    Metric(
        "worker_busy_seconds",
        Kind.COUNTER,
        "Processor time of lanes, without what they waited for each other.",
        unit="seconds",
    ),
    Metric(
        "worker_available_seconds",
        Kind.COUNTER,
        "Workers times the time that blocks in lanes were executing.",
        unit="seconds",
    ),
    Metric(
        "retries",
        Kind.COUNTER,
        "Tries of blocks after the first, by what made them necessary.",
        labels=("cause",),
    ),
    Metric("checks", Kind.COUNTER, "Transactions checked for the mempool.", labels=("result",)),
    Metric(
        "check_seconds",
        Kind.HISTOGRAM,
        "Time to check a transaction.",
        unit="seconds",
        buckets=_CHECK_S,
    ),
    Metric(
        "prepare_seconds",
        Kind.HISTOGRAM,
        "Time to prepare a proposal.",
        unit="seconds",
        buckets=_BLOCK_S,
    ),
    Metric("prepare_offered", Kind.COUNTER, "Transactions offered for proposals."),
    Metric("prepare_chosen", Kind.COUNTER, "Transactions chosen for proposals."),
    Metric(
        "process_seconds",
        Kind.HISTOGRAM,
        "Time to judge a proposal.",
        unit="seconds",
        buckets=_BLOCK_S,
    ),
    Metric("proposals", Kind.COUNTER, "Proposals judged.", labels=("result",)),
    Metric("mempool_transactions", Kind.GAUGE, "Transactions that wait in the mempool."),
    Metric("mempool_size_bytes", Kind.GAUGE, "Bytes that wait in the mempool.", unit="bytes"),
    Metric("connections", Kind.GAUGE, "Clients that are connected."),
    Metric(
        "refused_messages",
        Kind.COUNTER,
        "Messages that were no requests, by what was wrong with them.",
        labels=("reason",),
    ),
    Metric("store_size_bytes", Kind.GAUGE, "Size of the store's files.", unit="bytes"),
    Metric("store_log_size_bytes", Kind.GAUGE, "Size of the store's log.", unit="bytes"),
    Metric("store_runs", Kind.GAUGE, "Sorted runs in the store."),
    Metric("store_files", Kind.GAUGE, "Files in the store."),
    Metric(
        "resident_memory_bytes",
        Kind.GAUGE,
        "Resident memory of the node's process, and of its workers together.",
        unit="bytes",
        labels=("process",),
    ),
    Metric(
        "shared_memory_bytes",
        Kind.GAUGE,
        "Resident memory that the node's process shares with its workers.",
        unit="bytes",
    ),
    Metric("open_files", Kind.GAUGE, "Files and sockets that the node's process has open."),
)

BY_NAME: Final = {metric.name: metric for metric in METRICS}
SERIES: Final = frozenset(series for metric in METRICS for series in metric.series)
