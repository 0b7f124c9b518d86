"""The figures of a node, kept by prometheus-client in a registry of the node's own.

Guarantees: what has a label has at most LABEL_VALUES_MAX values of it; further ones count as
`other`. Safe to read in another thread. Importing this module without prometheus-client raises
UsageError.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import time
from typing import Any, Final, cast

from ...primitives import UsageError
from ...primitives.extras import how_to_install
from ..observer import STAGES, CommittedBlock, Observer
from .catalogue import BY_NAME, METRICS, PREFIX, Kind, Metric
from .health import Health
from .resources import measure_resources, measure_store

try:
    import prometheus_client as _library
    from prometheus_client.exposition import choose_encoder
    from prometheus_client.metrics_core import GaugeMetricFamily
    from prometheus_client.registry import Collector
except ImportError as error:
    raise UsageError(
        "metrics are kept by prometheus-client, which is not installed: " + how_to_install("node")
    ) from error

LABEL_VALUES_MAX: Final = 32
OTHER: Final = "other"
_STATUSES: Final = ("ok", "failed", "refused")
# Measured when they are asked for, not when something happens.
_MEASURED: Final = frozenset(
    {
        "store_size_bytes",
        "store_log_size_bytes",
        "store_runs",
        "store_files",
        "resident_memory_bytes",
        "shared_memory_bytes",
        "open_files",
    }
)


class NodeMetrics(Observer):
    """Hears what a node does, and says it in figures; `health` is told as well.

    `store`: the folder of its store, if it has one. `clock`: Unix time in seconds, for tests.
    """

    def __init__(
        self, version: str, *, store: Path | None = None, clock: Callable[[], float] = time
    ) -> None:
        self._clock = clock
        self.health = Health(version)
        self._registry = _library.CollectorRegistry(auto_describe=False)
        self._metrics: dict[str, Any] = {
            metric.name: _created(metric, self._registry)
            for metric in METRICS
            if metric.name not in _MEASURED
        }
        self._seen: dict[str, set[str]] = {}
        self._registry.register(_Measured(store))
        python = platform.python_version()
        self._metrics["build"].info({"version": version, "python": python})
        self._begin_series("transactions", _STATUSES)
        self._begin_series("stage_seconds", STAGES)
        self._begin_series("proposals", ("accepted", "rejected"))
        self._begin_series("checks", ("ok", "refused"))

    def exposition(self, accept: str) -> tuple[str, bytes]:
        """Content type and text of all metrics, in the format that an Accept header prefers."""
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self._registry)

    def serving(self, height: int, root: bytes) -> None:
        self._metrics["block_height"].set(height)
        self.health.serving(height, root)

    def failed(self, why: str) -> None:
        self.health.failed(why)

    def checked(self, code: int, seconds: float) -> None:
        self._metrics["checks"].labels("refused" if code else "ok").inc()
        self._metrics["check_seconds"].observe(seconds)

    def prepared(self, offered: int, chosen: int, seconds: float) -> None:
        self._metrics["prepare_offered"].inc(offered)
        self._metrics["prepare_chosen"].inc(chosen)
        self._metrics["prepare_seconds"].observe(seconds)

    def processed(self, *, accepted: bool, seconds: float) -> None:
        self._metrics["proposals"].labels("accepted" if accepted else "rejected").inc()
        self._metrics["process_seconds"].observe(seconds)

    def committed(self, block: CommittedBlock) -> None:
        metrics = self._metrics
        self.health.committed(block.height, block.root)
        metrics["block_height"].set(block.height)
        metrics["last_block_timestamp_seconds"].set(self._clock())
        metrics["blocks"].inc()
        metrics["block_transactions"].observe(block.transactions)
        metrics["block_waves"].observe(block.waves)
        executed = block.transactions - block.failed - block.refused
        for status, count in zip(_STATUSES, (executed, block.failed, block.refused), strict=True):
            metrics["transactions"].labels(status).inc(count)
        for stage, seconds in block.stages.items():
            metrics["stage_seconds"].labels(self._label("stage_seconds", stage)).observe(seconds)
        for cause in block.retries:
            metrics["retries"].labels(self._label("retries", cause)).inc()
        self._add_work(block)

    def queue(self, transactions: int, size: int) -> None:
        self._metrics["mempool_transactions"].set(transactions)
        self._metrics["mempool_size_bytes"].set(size)

    def connections(self, count: int) -> None:
        self._metrics["connections"].set(count)

    def refused_message(self, reason: str) -> None:
        self._metrics["refused_messages"].labels(self._label("refused_messages", reason)).inc()

    def _add_work(self, block: CommittedBlock) -> None:
        metrics = self._metrics
        metrics["compute_units"].inc(block.total_cost)
        metrics["critical_path_compute_units"].inc(block.critical_path_cost)
        metrics["workers"].set(block.workers)
        if block.busy_s is not None:
            metrics["worker_busy_seconds"].inc(block.busy_s)
            available_s = block.workers * block.stages.get("execute", 0.0)
            metrics["worker_available_seconds"].inc(available_s)

    def _begin_series(self, name: str, values: Sequence[str]) -> None:
        """Begin at 0: what appears with its first event shows no increase in Prometheus."""
        for value in values:
            self._metrics[name].labels(self._label(name, value))

    def _label(self, name: str, value: str) -> str:
        seen = self._seen.setdefault(name, set())
        if value not in seen and len(seen) == LABEL_VALUES_MAX:
            return OTHER
        seen.add(value)
        return value


class _Measured(Collector):
    """The metrics that are measured when they are asked for."""

    def __init__(self, store: Path | None) -> None:
        self._store = store

    def collect(self) -> Iterable[Any]:
        found = measure_resources()
        figures: dict[str, object] = {
            "shared_memory_bytes": found.shared_memory,
            "open_files": found.open_files,
        }
        if self._store is not None and (store := measure_store(self._store)) is not None:
            figures |= {
                "store_size_bytes": store.size,
                "store_log_size_bytes": store.log_size,
                "store_runs": store.runs,
                "store_files": store.files,
            }
        memory = _family(BY_NAME["resident_memory_bytes"])
        for process, size in (("node", found.memory), ("workers", found.workers_memory)):
            if size is not None:
                memory.add_metric([process], size)
        yield memory
        for name, figure in figures.items():
            if figure is not None:
                family = _family(BY_NAME[name])
                family.add_metric([], cast(float, figure))
                yield family


def _family(metric: Metric) -> GaugeMetricFamily:
    return GaugeMetricFamily(
        PREFIX + metric.name, metric.help, labels=metric.labels, unit=metric.unit
    )


def _created(metric: Metric, registry: Any) -> Any:
    """An instrument of the library, with a unit where the metric has one."""
    options: dict[str, Any] = {"registry": registry, "unit": metric.unit}
    name = PREFIX + metric.name
    match metric.kind:
        case Kind.COUNTER:
            return _library.Counter(name, metric.help, metric.labels, **options)
        case Kind.GAUGE:
            return _library.Gauge(name, metric.help, metric.labels, **options)
        case Kind.HISTOGRAM:
            return _library.Histogram(
                name, metric.help, metric.labels, buckets=metric.buckets, **options
            )
        case Kind.INFO:
            return _library.Info(name, metric.help, registry=registry)
